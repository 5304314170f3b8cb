import { env } from "cloudflare:workers";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { changeApiKey } from "../src/db/api-keys.ts";
import { changedPolicy, checkExpiry, NO_POLICY } from "../src/domain/key-policy.ts";
import { checkRevision } from "@aggregator/runtime/revision";
import { actionsOf, auditOf, auth, context, principal, registerCompany, rowsOf, valueOf } from "./support/auth.ts";

const DENIED = { ok: false, error: { code: "permission_denied" } };
const MISSING_ID = "01890000-0000-7000-8000-000000000000";

async function keyOf(input: Readonly<Record<string, unknown>> = {}) {
  const account = await registerCompany();
  const key = valueOf(await auth.createApiKey(context(), account.actor, { name: "k", ...input }));
  return { ...account, key };
}

const FULL = {
  scopes: ["inference:create"],
  rate_limits: { requests_per_minute: 1, tokens_per_minute: 2, concurrent_requests: 3 },
  budget: { amount_nano_usd: 5, period: "month" },
  allowed_models: ["a/b"],
  allowed_providers: ["openai"],
  allowed_endpoints: ["/v1/messages"],
  allowed_ips: ["203.0.113.0/24"],
  provider_preferences: { data_collection: "deny", order: ["openai"] },
  cache_max_age_seconds: 60,
};

describe("changing a key", () => {
  it("sets every part of its policy, shows it, and the principal carries it", async () => {
    const { actor, key } = await keyOf();
    const changed = valueOf(await auth.updateApiKey(context(), actor, key.id, { name: "new", ...FULL }, null));
    expect(changed).toMatchObject({ ...FULL, name: "new", revision: 2 });
    expect(valueOf(await auth.getApiKey(context(), actor, key.id))).toEqual(changed);
    expect(await principal(key.key)).toMatchObject({
      actor: { permissions: ["inference:create"] },
      key: {
        rateLimits: { requestsPerMinute: 1, tokensPerMinute: 2, concurrentRequests: 3 },
        budget: { amountNanoUsd: 5, period: "month" },
        allowedModels: ["a/b"],
        allowedProviders: ["openai"],
        allowedEndpoints: ["/v1/messages"],
        allowedIps: ["203.0.113.0/24"],
        preferences: { data_collection: "deny", order: ["openai"] },
        cacheMaxAgeSeconds: 60,
      },
    });
  });

  it("leaves what is absent, and null lifts a limit", async () => {
    const { actor, key } = await keyOf(FULL);
    const changed = valueOf(await auth.updateApiKey(context(), actor, key.id, { budget: null }, null));
    expect(changed).toMatchObject({ ...FULL, budget: null, name: "k" });
  });

  it("is written to the audit log field by field, and not when nothing changed", async () => {
    const { actor, key } = await keyOf({ name: "old" });
    await auth.updateApiKey(context(), actor, key.id, { name: "old" }, null);
    await auth.updateApiKey(context(), actor, key.id, { name: "new" }, null);
    expect(await actionsOf(actor.companyId)).toEqual(["company.registered", "api_key.created", "api_key.updated"]);
    const [entry] = await auditOf(actor.companyId, "api_key.updated");
    expect(entry).toMatchObject({ target_id: key.id, member_id: actor.memberId });
    expect(JSON.parse(String(entry?.["before"]))).toEqual({ name: "old" });
    expect(JSON.parse(String(entry?.["after"]))).toEqual({ name: "new" });
  });

  it("with If-Match is refused when somebody else changed it first", async () => {
    const { actor, key } = await keyOf();
    expect(await auth.updateApiKey(context(), actor, key.id, { name: "first" }, '"1"')).toMatchObject({ ok: true });
    const second = await auth.updateApiKey(context(), actor, key.id, { name: "second" }, '"1"');
    expect(second).toMatchObject({ ok: false, error: { code: "precondition_failed", param: "if-match" } });
    expect(valueOf(await auth.getApiKey(context(), actor, key.id)).name).toBe("first");
  });

  it("of two at the same moment happens once, or one after the other", async () => {
    const { actor, key } = await keyOf();
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(
      names.map((name) => auth.updateApiKey(context(), actor, key.id, { name }, '"1"')),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(valueOf(await auth.getApiKey(context(), actor, key.id)).revision).toBe(2);
  });

  it("that was read before another change changes nothing", async () => {
    const { actor, key } = await keyOf();
    const db = openDatabase(env.DB);
    const stale = { companyId: actor.companyId, id: key.id, revision: 0 };
    expect(await changeApiKey(db, stale, { name: "stale" })).toEqual([]);
  });

  it("is refused for a revoked key", async () => {
    const { actor, key } = await keyOf();
    await auth.revokeApiKey(context(), actor, key.id);
    const answer = await auth.updateApiKey(context(), actor, key.id, { name: "new" }, null);
    expect(answer).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it.each([
    ["expires_at", { expires_at: "2020-01-01T00:00:00Z" }],
    ["allowed_endpoints.0", { allowed_endpoints: ["/v1/admin"] }],
    ["allowed_providers", { allowed_providers: [] }],
    ["provider_preferences.sort", { provider_preferences: { sort: "luck" } }],
    ["provider_preferences.key", { provider_preferences: { key: "sk" } }],
    ["cache_max_age_seconds", { cache_max_age_seconds: -1 }],
    ["scopes", { scopes: null }],
    ["type", { type: "temporary" }],
    ["is_active", { is_active: true }],
    ["member_id", { member_id: "me" }],
    ["company_id", { company_id: "other" }],
    ["revision", { revision: 9 }],
  ])("case 39: names the wrong field and stores nothing: %s", async (param, input) => {
    const { actor, key } = await keyOf();
    const answer = await auth.updateApiKey(context(), actor, key.id, input, null);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(valueOf(await auth.getApiKey(context(), actor, key.id)).revision).toBe(1);
  });
});

describe("case 40: nobody gets more from another's key than they have", () => {
  const developer = ["api_keys:manage", "api_keys:read", "inference:create"] as const;

  it("not by widening it, not by changing or rotating a key that can more than they", async () => {
    const { actor, key } = await keyOf({ scopes: ["inference:create"] });
    const strong = valueOf(await auth.createApiKey(context(), actor, { name: "s", scopes: [...PERMISSIONS] }));
    const weak = { ...actor, permissions: developer };
    const widened = await auth.updateApiKey(context(), weak, key.id, { scopes: ["billing:manage"] }, null);
    expect(widened).toMatchObject({ ok: false, error: { code: "permission_denied", param: "scopes" } });
    expect(await auth.updateApiKey(context(), weak, strong.id, { allowed_ips: null }, null)).toMatchObject(DENIED);
    expect(await auth.rotateApiKey(context(), weak, strong.id, {})).toMatchObject(DENIED);
    expect(await auth.rotateApiKey(context(), weak, key.id, {})).toMatchObject({ ok: true });
  });

  it.each([
    ["allowed_providers", { allowed_providers: null }],
    ["allowed_endpoints", { allowed_endpoints: ["/v1/messages", "/v1/embeddings"] }],
    ["allowed_models", { allowed_models: ["a/b", "c"] }],
    ["allowed_ips", { allowed_ips: null }],
    ["budget", { budget: null }],
    ["provider_preferences", { provider_preferences: {} }],
    ["rate_limits.tokens_per_minute", { rate_limits: { requests_per_minute: 1, concurrent_requests: 3 } }],
  ])("a key cannot lift its own %s", async (param, input) => {
    const { key } = await keyOf({ ...FULL, scopes: [...PERMISSIONS] });
    const { actor: self } = await principal(key.key);
    const answer = await auth.updateApiKey(context(), self, key.id, input, null);
    expect(answer).toMatchObject({ ok: false, error: { code: "permission_denied", param } });
  });

  it("without api_keys:manage nothing is changed, with api_keys:read it is seen", async () => {
    const { actor, key } = await keyOf();
    const reader = { ...actor, permissions: ["api_keys:read"] as const };
    expect(await auth.updateApiKey(context(), reader, key.id, { name: "n" }, null)).toMatchObject(DENIED);
    expect(await auth.rotateApiKey(context(), reader, key.id, {})).toMatchObject(DENIED);
    expect(await auth.getApiKey(context(), reader, key.id)).toMatchObject({ ok: true });
    expect(await auth.getApiKey(context(), { ...actor, permissions: [] }, key.id)).toMatchObject(DENIED);
  });

  it("case 38: a foreign id answers as a missing one, whatever the body", async () => {
    const [mine, theirs] = [await registerCompany(), await keyOf()];
    const operations = [
      (id: string) => auth.getApiKey(context(), mine.actor, id),
      (id: string) => auth.updateApiKey(context(), mine.actor, id, { name: "n" }, '"7"'),
      (id: string) => auth.updateApiKey(context(), mine.actor, id, { wrong: 1 }, null),
      (id: string) => auth.rotateApiKey(context(), mine.actor, id, {}),
      (id: string) => auth.rotateApiKey(context(), mine.actor, id, { wrong: 1 }),
    ];
    for (const operation of operations) {
      const foreign = await operation(theirs.key.id);
      expect(foreign).toMatchObject({ ok: false, error: { code: "not_found" } });
      expect(foreign).toEqual(await operation(MISSING_ID));
    }
  });
});

describe("rotating a key", () => {
  it("gives a new secret for the same key; the old one is good until its grace ends", async () => {
    const { actor, key } = await keyOf(FULL);
    const rotated = valueOf(await auth.rotateApiKey(context(), actor, key.id, { grace_seconds: 3_600 }));
    expect(rotated.key).not.toBe(key.key);
    expect(rotated).toMatchObject({ ...FULL, id: key.id, revision: 2 });
    const graceEndsMs = Date.parse(rotated.previous_secret_expires_at ?? "");
    expect((await principal(key.key)).key).toMatchObject({ keyId: key.id, expiresAtMs: graceEndsMs });
    expect((await principal(rotated.key)).key).toMatchObject({ keyId: key.id, expiresAtMs: null });

    await env.DB.prepare("UPDATE api_keys SET previous_expires_at_ms = ? WHERE id = ?").bind(Date.now(), key.id).run();
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ error: { code: "invalid_api_key" } });
    expect(await auth.authenticate(context(), rotated.key)).toMatchObject({ ok: true });
  });

  it("twice ends the first secret at once, and revoking ends both that are left", async () => {
    const { actor, key } = await keyOf();
    const second = valueOf(await auth.rotateApiKey(context(), actor, key.id, {}));
    const third = valueOf(await auth.rotateApiKey(context(), actor, key.id, {}));
    const works = async () =>
      (await Promise.all([key, second, third].map(({ key }) => auth.authenticate(context(), key)))).map(({ ok }) => ok);
    expect(await works()).toEqual([false, true, true]);
    await auth.revokeApiKey(context(), actor, key.id);
    expect(await works()).toEqual([false, false, false]);
  });

  it("keeps a day's grace unless told, never less than what caches may hold", async () => {
    const { actor, key } = await keyOf();
    const short = await auth.rotateApiKey(context(), actor, key.id, { grace_seconds: 59 });
    expect(short).toMatchObject({ ok: false, error: { code: "invalid_request", param: "grace_seconds" } });
    const before = Date.now();
    const rotated = valueOf(await auth.rotateApiKey(context(), actor, key.id, {}));
    const graceMs = Date.parse(rotated.previous_secret_expires_at ?? "") - before;
    expect(Math.abs(graceMs - 86_400_000)).toBeLessThan(5_000);
  });

  it("stores hashes only, and logs prefixes only", async () => {
    const { actor, key } = await keyOf();
    const rotated = valueOf(await auth.rotateApiKey(context(), actor, key.id, {}));
    const stored = JSON.stringify([await rowsOf("SELECT * FROM api_keys"), await rowsOf("SELECT * FROM audit_log")]);
    for (const secret of [key.key, rotated.key]) expect(stored).not.toContain(secret.slice(12, -4));
    expect(await actionsOf(actor.companyId)).toContain("api_key.rotated");
  });

  it("is refused for a key that has ended", async () => {
    const { actor, key } = await keyOf();
    await auth.revokeApiKey(context(), actor, key.id);
    expect(await auth.rotateApiKey(context(), actor, key.id, {})).toMatchObject({ error: { code: "conflict" } });
  });
});

describe("a temporary key", () => {
  it("has its own prefix and ends by itself", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { key, actor } = await keyOf({ type: "temporary", expires_at: expiresAt });
    expect(key).toMatchObject({ type: "temporary", expires_at: expiresAt });
    expect(key.key).toMatch(/^ag_temp_/);
    const longer = await auth.updateApiKey(context(), actor, key.id, { expires_at: null }, null);
    expect(longer).toMatchObject({ ok: false, error: { code: "invalid_request", param: "expires_at" } });
    expect(valueOf(await auth.rotateApiKey(context(), actor, key.id, {})).key).toMatch(/^ag_temp_/);
  });

  it.each([[undefined], [new Date(Date.now() + 25 * 3_600_000).toISOString()]])(
    "is not made to expire %s",
    async (expires_at) => {
      const { actor } = await registerCompany();
      const answer = await auth.createApiKey(context(), actor, { name: "t", type: "temporary", expires_at });
      expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param: "expires_at" } });
    },
  );
});

describe("searching keys", () => {
  it("finds by name and prefix literally, by state and by maker", async () => {
    const { actor, key } = await keyOf({ name: "Production 100%" });
    const other = valueOf(await auth.createApiKey(context(), actor, { name: "staging_1" }));
    await auth.revokeApiKey(context(), actor, other.id);
    const find = async (query: object) =>
      valueOf(await auth.listApiKeys(context(), actor, query)).data.map(({ name }) => name);
    expect(await find({ q: "PRODUCTION" })).toEqual([key.name]);
    expect(await find({ q: key.prefix.slice(0, 12) })).toEqual([key.name]);
    expect(await find({ q: "%" })).toEqual([key.name]);
    expect(await find({ q: "_1" })).toEqual(["staging_1"]);
    expect(await find({ is_active: "false" })).toEqual(["staging_1"]);
    expect(await find({ member_id: actor.memberId })).toEqual(["staging_1", key.name]);
    expect(await find({ member_id: "nobody" })).toEqual([]);
  });

  it("case 50: a filter of wildcards or of 10,000 characters is bounded", async () => {
    const { actor } = await keyOf({ name: "k" });
    expect(valueOf(await auth.listApiKeys(context(), actor, { q: "%".repeat(100) })).data).toEqual([]);
    const long = await auth.listApiKeys(context(), actor, { q: "%".repeat(10_000) });
    expect(long).toMatchObject({ ok: false, error: { code: "invalid_request", param: "q" } });
  });
});

describe("rules", () => {
  it.each([
    [null, true],
    ["*", true],
    ['"3"', true],
    ['"1", "3"', true],
    ['"2"', false],
    ['W/"3"', false],
    ["3", false],
    ['"3', false],
    ["", false],
  ])("If-Match %j on revision 3: %s", (header, matches) => {
    expect(checkRevision(header, 3).ok).toBe(matches);
  });

  it.each([
    ["live", null, true, true],
    ["live", 99, true, false],
    ["live", 99, false, true],
    ["live", 101, true, true],
    ["temporary", null, false, false],
    ["temporary", 50 + 86_400_000, true, true],
    ["temporary", 51 + 86_400_000, true, false],
  ] as const)(
    "a %s key made at 50 that expires at %s (set now: %s) passes at 100: %s",
    (type, expiresAtMs, set, ok) => {
      expect(checkExpiry({ type, expiresAtMs, createdAtMs: 50 }, set, 100).ok).toBe(ok);
    },
  );

  it("a change keeps what it does not name", () => {
    const before = { ...NO_POLICY, allowedModels: ["a"], rateLimits: { requestsPerMinute: 1 } };
    expect(changedPolicy(before, {})).toEqual(before);
    expect(changedPolicy(before, { rate_limits: null, allowed_models: null })).toEqual(NO_POLICY);
  });
});
