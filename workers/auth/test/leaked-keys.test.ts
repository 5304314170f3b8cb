import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openCall } from "../src/call.ts";
import { newApiKey } from "../src/domain/api-key.ts";
import { p256SignatureOfDer } from "../src/domain/ecdsa-signature.ts";
import { reportLeakedKeys } from "../src/operations/report-leaked-keys.ts";
import { GITHUB_KEY_ID } from "./doubles/github.ts";
import { auditOf, auth, context, registerCompany, valueOf } from "./support/auth.ts";
import { notice } from "./support/notices.ts";

const SOURCE = { type: "aggregator_api_key", url: "https://github.com/x/y/blob/1/a.env", source: "content" };

/** A report as GitHub sends it: the bytes, and their signature in DER. */
async function report(found: unknown, changes: { body?: string; keyId?: string; signature?: string } = {}) {
  const body = typeof found === "string" ? found : JSON.stringify(found);
  const jwk = JSON.parse(env.TEST_GITHUB_JWK) as JsonWebKey;
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, new TextEncoder().encode(body));
  const signature = btoa(String.fromCharCode(...derOf(new Uint8Array(raw))));
  return { body, keyId: GITHUB_KEY_ID, signature, ...changes };
}

function derOf(raw: Uint8Array): Uint8Array {
  const integer = (bytes: Uint8Array) => {
    const significant = bytes.subarray(
      Math.max(
        0,
        bytes.findIndex((byte) => byte !== 0),
      ),
    );
    const padded = (significant[0] ?? 0) >= 0x80 ? [0, ...significant] : [...significant];
    return [0x02, padded.length, ...padded];
  };
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))];
  return new Uint8Array([0x30, body.length, ...body]);
}

async function newKey() {
  const { actor } = await registerCompany();
  return { actor, key: valueOf(await auth.createApiKey(context(), actor, { name: "leaky" })) };
}

describe("a report of leaked keys", () => {
  it("ends the key, tells its company, and says which accounts to tell; a repeat answers alike", async () => {
    const { actor, key } = await newKey();
    const sent = await report([
      { token: key.key, ...SOURCE },
      { token: newApiKey("live"), ...SOURCE },
      { token: "sk-somebody-elses", ...SOURCE },
    ]);
    const answer = valueOf(await auth.reportLeakedKeys(context(), sent));
    expect(answer.labels.map(({ label }) => label)).toEqual(["true_positive", "false_positive", "false_positive"]);
    expect(answer.labels[0]).toEqual({ token_raw: key.key, token_type: SOURCE.type, label: "true_positive" });
    expect(answer.ended).toMatchObject([
      { keyId: key.id, actor: { companyId: actor.companyId, platformAdmin: false } },
    ]);
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ error: { code: "invalid_api_key" } });
    expect(valueOf(await auth.reportLeakedKeys(context(), sent))).toEqual(answer);

    const told = await notice("key_leaked", ({ data }) => data.key_id === key.id);
    expect(told).toMatchObject({ company_id: actor.companyId, data: { key_name: "leaky", is_revoked: true } });
    const entries = await auditOf(actor.companyId, "api_key.leaked");
    expect(entries).toMatchObject([{ actor_kind: "system", target_id: key.id }]);
    expect(String(entries[0]?.["after"])).toContain("github.com");
  });

  it("of a secret that was rotated away ends that secret alone", async () => {
    const { actor, key } = await newKey();
    const rotated = valueOf(await auth.rotateApiKey(context(), actor, key.id, {}));
    const answer = valueOf(await auth.reportLeakedKeys(context(), await report([{ token: key.key, ...SOURCE }])));
    expect(answer).toMatchObject({ labels: [{ label: "true_positive" }], ended: [] });
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ error: { code: "invalid_api_key" } });
    expect(await auth.authenticate(context(), rotated.key)).toMatchObject({ ok: true });
  });

  it("keeps no secret: not where its link carries it", async () => {
    const { actor, key } = await newKey();
    const found = { token: key.key, ...SOURCE, url: `https://example.com/?k=${key.key}` };
    valueOf(await auth.reportLeakedKeys(context(), await report([found])));
    expect(JSON.stringify(await auditOf(actor.companyId, "api_key.leaked"))).not.toContain(key.key);
  });

  it("of a hundred keys at once finds each", async () => {
    const { key } = await newKey();
    const found = Array.from({ length: 99 }, () => ({ token: newApiKey("live"), ...SOURCE }));
    const answer = valueOf(
      await auth.reportLeakedKeys(context(), await report([...found, { token: key.key, ...SOURCE }])),
    );
    expect(answer.ended).toHaveLength(1);
  });
});

describe("a report that GitHub did not sign", () => {
  it.each([
    ["an altered body", { body: '[{"token":"x","type":"t"}]' }],
    ["an unknown key", { keyId: "made-up" }],
    ["no signature", { signature: "" }],
    ["no base64", { signature: "%%%" }],
    ["no DER", { signature: btoa("signature") }],
    ["zeros", { signature: btoa(String.fromCharCode(0x30, 6, 2, 1, 0, 2, 1, 0)) }],
  ])("is refused, and nothing happens: %s", async (_, changes) => {
    const { key } = await newKey();
    const sent = await report([{ token: key.key, ...SOURCE }], changes);
    const answer = await auth.reportLeakedKeys(context(), sent);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "invalid_request", param: "github-public-key-signature" },
    });
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ ok: true });
  });

  it.each([["{}"], ["[1]"], ["not json"], ['[{"token":1,"type":"t"}]'], ['[{"token":"a","token":"b","type":"t"}]']])(
    "but is no report is refused: %s",
    async (body) => {
      const answer = await auth.reportLeakedKeys(context(), await report(body));
      expect(answer.ok ? "ok" : answer.error.code).toMatch(/^invalid_(request|json)$/);
    },
  );

  it("is not found where no keys of GitHub are configured", async () => {
    const call = openCall({ ...env, GITHUB_KEYS_URL: "" }, context(), () => undefined);
    expect(await reportLeakedKeys(call, await report([]))).toMatchObject({ error: { code: "not_found" } });
  });

  it("fails closed when GitHub's keys cannot be read", async () => {
    const call = openCall({ ...env, GITHUB_KEYS_URL: "https://down.example/" }, context(), () => undefined);
    await expect(reportLeakedKeys(call, await report([]))).rejects.toThrow("cannot be read");
  });
});

describe("a signature in DER", () => {
  const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  it.each([
    ["300602010102017f", `${"0".repeat(62)}01${"0".repeat(62)}7f`],
    [`3026022100${"ff".repeat(32)}020101`, `${"ff".repeat(32)}${"0".repeat(62)}01`],
    ["3006020101020180ff", null],
    ["300602010102", null],
    ["310602010102017f", null],
    [`3027022200${"ff".repeat(33)}020101`, null],
    ["30030201010200", null],
    ["", null],
  ])("%s is %s", (der, raw) => {
    expect(p256SignatureOfDer(hex(der))).toEqual(raw === null ? null : hex(raw));
  });
});
