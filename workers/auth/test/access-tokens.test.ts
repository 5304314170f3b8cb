import { env } from "cloudflare:workers";
import { base64url, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { createSecretBox } from "@aggregator/runtime/secret-box";
import { openCall } from "../src/call.ts";
import { decideRotation } from "../src/domain/key-rotation.ts";
import AuthWorker from "../src/index.ts";
import { rotateSigningKeys } from "../src/operations/rotate-signing-keys.ts";
import { readAccessToken } from "../src/tokens/access-token.ts";
import { openKeyRing } from "../src/tokens/key-ring.ts";
import { type Account, auth, context, logIn, registerCompany, rowsOf, valueOf } from "./support/auth.ts";
import { contact } from "./support/notices.ts";

/** What a good token of the account would say, and the platform's own signing key: the strongest forger. */
interface Forge {
  readonly account: Account;
  readonly claims: JWTPayload;
  readonly kid: string;
  readonly key: CryptoKey;
  readonly publicJwk: JWK;
}
let forge: Forge;

beforeAll(async () => {
  const account = await registerCompany();
  const [row] = await rowsOf(
    "SELECT kid, sealed_private_jwk AS sealed, public_x AS x FROM signing_keys WHERE is_active = 1",
  );
  const kid = String(row?.["kid"]);
  const box = await createSecretBox(env.MASTER_KEY);
  const jwk = JSON.parse(await box.open(String(row?.["sealed"]), `signing_keys/${kid}`)) as JWK;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const [session] = await rowsOf("SELECT id FROM sessions WHERE member_id = ?", account.actor.memberId);
  forge = {
    account,
    kid,
    key: (await importJWK(jwk, "EdDSA")) as CryptoKey,
    publicJwk: { kty: "OKP", crv: "Ed25519", x: String(row?.["x"]) },
    claims: {
      iss: "http://localhost:3000",
      aud: "aggregator",
      sub: account.actor.memberId ?? "",
      sid: String(session?.["id"]),
      iat: nowSeconds,
      exp: nowSeconds + 900,
    },
  };
});

function sign(changes: {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey | Uint8Array;
}) {
  const payload = { ...forge.claims, ...changes.claims };
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
    .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid: forge.kid, ...changes.header })
    .sign(changes.key ?? forge.key);
}

const INVALID = { ok: false, error: { code: "invalid_token" } };

describe("case 41: an access token", () => {
  it("made like ours is accepted, so that what follows is refused for its own reason", async () => {
    expect(await auth.authenticate(context(), await sign({}))).toMatchObject({ ok: true });
  });

  it("with alg none is refused", async () => {
    const part = (value: unknown) => base64url.encode(JSON.stringify(value));
    const unsigned = `${part({ alg: "none", typ: "at+jwt", kid: forge.kid })}.${part(forge.claims)}.`;
    expect(await auth.authenticate(context(), unsigned)).toMatchObject(INVALID);
    const signed = await sign({});
    expect(await auth.authenticate(context(), signed.slice(0, signed.lastIndexOf(".") + 1))).toMatchObject(INVALID);
  });

  it("signed by HMAC with our public key as the secret is refused", async () => {
    const secret = new TextEncoder().encode(forge.publicJwk.x ?? "");
    expect(await auth.authenticate(context(), await sign({ header: { alg: "HS256" }, key: secret }))).toMatchObject(
      INVALID,
    );
  });

  it("signed by RSA or ECDSA is refused", async () => {
    for (const alg of ["RS256", "ES256"]) {
      const { privateKey } = await generateKeyPair(alg);
      expect(await auth.authenticate(context(), await sign({ header: { alg }, key: privateKey }))).toMatchObject(
        INVALID,
      );
    }
  });

  it("signed by a stranger's key is refused, also when the header brings that key", async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA");
    const jwk = await exportJWK(publicKey);
    const headers = [
      {},
      { jwk },
      { jku: "https://evil.example/jwks.json" },
      { x5u: "https://evil.example/cert.pem" },
      { kid: undefined },
      { kid: "../../etc/passwd" },
      { kid: "' OR 1=1 --" },
      { kid: "" },
    ];
    for (const header of headers) {
      const kept = JSON.parse(JSON.stringify(header)) as Record<string, unknown>;
      const token = await sign({
        header: { ...kept, ...("kid" in header ? { kid: header.kid } : {}) },
        key: privateKey,
      });
      expect(await auth.authenticate(context(), token)).toMatchObject(INVALID);
    }
  });

  it.each([
    ["another audience", { aud: "somebody-else" }],
    ["no audience", { aud: undefined }],
    ["another issuer", { iss: "https://evil.example" }],
    ["no issuer", { iss: undefined }],
    ["no expiry", { exp: undefined }],
    ["an expiry that has passed", { exp: 1 }],
    ["a start in the future", { nbf: Math.floor(Date.now() / 1000) + 3600 }],
    ["no session", { sid: undefined }],
    ["another session", { sid: "01890000-0000-7000-8000-000000000000" }],
    ["a session that is no string", { sid: { $ne: null } }],
    ["another member", { sub: "01890000-0000-7000-8000-000000000000" }],
  ])("with %s is refused", async (_, claims) => {
    expect(await auth.authenticate(context(), await sign({ claims }))).toMatchObject(INVALID);
  });

  it.each([["JWT"], ["refresh+jwt"], ["id_token"], [undefined]])("of type %s is refused", async (typ) => {
    expect(await auth.authenticate(context(), await sign({ header: { typ } }))).toMatchObject(INVALID);
  });

  it("is not what a refresh token is", async () => {
    const answer = await auth.authenticate(context(), forge.account.session.refresh_token);
    expect(answer.ok).toBe(false);
    expect(await auth.refresh(context(), { refresh_token: forge.account.session.access_token })).toMatchObject(INVALID);
  });

  it("of a member who left the company is refused", async () => {
    const { session, actor } = await registerCompany();
    await env.DB.prepare("DELETE FROM memberships WHERE member_id = ?").bind(actor.memberId).run();
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(INVALID);
  });

  it("of a member whose role was lowered has the lower role's permissions at once", async () => {
    const { session, actor } = await registerCompany();
    await env.DB.prepare("UPDATE memberships SET role = 'viewer' WHERE member_id = ?").bind(actor.memberId).run();
    const { actor: lowered } = valueOf(await auth.authenticate(context(), session.access_token));
    expect(lowered.permissions).not.toContain("api_keys:manage");
    const refused = await auth.createApiKey(context(), lowered, { name: "k" });
    expect(refused).toMatchObject({ ok: false, error: { code: "permission_denied" } });
  });
});

describe("the signer", () => {
  it("publishes public members only", async () => {
    const { keys } = valueOf(await auth.jwks(context()));
    expect(keys).toEqual([
      { kty: "OKP", crv: "Ed25519", x: forge.publicJwk.x, kid: forge.kid, alg: "EdDSA", use: "sig" },
    ]);
  });

  it("keeps its private key sealed", async () => {
    const [row] = await rowsOf("SELECT * FROM signing_keys");
    expect(row?.["sealed_private_jwk"]).toMatch(/^v1\./);
    expect(JSON.stringify(row)).not.toContain('"d"');
  });

  it("has one active key: the database refuses a second", async () => {
    const second = env.DB.prepare(
      "INSERT INTO signing_keys (kid, public_x, sealed_private_jwk, is_active, created_at_ms) VALUES ('b', 'x', 's', 1, 1)",
    );
    await expect(second.run()).rejects.toThrow("UNIQUE");
  });
});

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The hourly step of the rotation, and what is published after it, at a time. */
async function rotateAt(nowMs: number): Promise<string[]> {
  const call = { ...openCall(env, context(), () => undefined), nowMs };
  valueOf(await rotateSigningKeys(call));
  return (await openKeyRing(call)).publicKeys.map(({ kid }) => kid);
}

describe("rotating the signer's key", () => {
  it("logs nobody out: a token is good to its end, by a key that was published before it signed", async () => {
    const { session, email } = await registerCompany();
    const [old = ""] = await rotateAt(Date.now());
    await env.DB.prepare("UPDATE signing_keys SET created_at_ms = ?")
      .bind(Date.now() - 31 * DAY_MS)
      .run();
    const startMs = Date.now();

    const published = await rotateAt(startMs);
    expect(published).toHaveLength(2);
    const next = published.find((kid) => kid !== old);
    // Not a minute later, when an isolate may not have heard of it.
    expect(await rotateAt(startMs + MINUTE_MS)).toEqual(published);
    expect(await signerAt(startMs + MINUTE_MS)).toBe(old);

    const activatedMs = startMs + 60 * MINUTE_MS;
    expect(new Set(await rotateAt(activatedMs))).toEqual(new Set(published));
    expect(await signerAt(activatedMs)).toBe(next);
    // The isolate's clock is the test's: back to now, for the tokens that are real.
    const token = await logIn(email);
    for (const { access_token } of [session, token]) {
      expect(await auth.authenticate(context(), access_token)).toMatchObject({ ok: true });
    }
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject({ ok: true });
    expect(await rotateAt(activatedMs + 16 * MINUTE_MS)).toContain(old);
  });

  it("ends the old key once the last token of it has ended, and forgets it", async () => {
    const [retired] = await rowsOf("SELECT kid, retires_at_ms AS at FROM signing_keys WHERE retires_at_ms IS NOT NULL");
    const afterMs = Number(retired?.["at"]) + 1;
    expect(await rotateAt(afterMs)).not.toContain(retired?.["kid"]);
    expect(await rowsOf("SELECT 1 FROM signing_keys WHERE kid = ?", retired?.["kid"])).toEqual([]);
    const late = { ...openCall(env, context(), () => undefined), nowMs: afterMs };
    expect(await readAccessToken(late, forge.account.session.access_token)).toBeNull();
  });

  it("by two at the same time happens once", async () => {
    await env.DB.prepare("UPDATE signing_keys SET created_at_ms = 1").run();
    await Promise.all([1, 2].map(() => rotateAt(Date.now())));
    const waiting = "SELECT 1 FROM signing_keys WHERE is_active = 0 AND retires_at_ms IS NULL";
    expect(await rowsOf(waiting)).toHaveLength(1);
    await Promise.all([1, 2].map(() => rotateAt(Date.now() + 60 * MINUTE_MS)));
    expect(await rowsOf("SELECT 1 FROM signing_keys WHERE is_active = 1")).toHaveLength(1);
    expect(await rowsOf(waiting)).toEqual([]);
  });

  it("waits while there is nothing to do", () => {
    const key = { kid: "a", isActive: true, createdAtMs: 0, retiresAtMs: null };
    expect(decideRotation([], 0)).toEqual({ kind: "none" });
    expect(decideRotation([key], 30 * DAY_MS - 1)).toEqual({ kind: "none" });
    expect(decideRotation([key], 30 * DAY_MS)).toEqual({ kind: "publish" });
  });
});

async function signerAt(nowMs: number): Promise<string> {
  return (await openKeyRing({ ...openCall(env, context(), () => undefined), nowMs })).signer.kid;
}

describe("the hourly run", () => {
  it("forgets what ended, keeps what lasts, and tells again of members that changed", async () => {
    const [past, present] = [await registerCompany(), await registerCompany()];
    const end = (table: string, column: string) =>
      env.DB.prepare(`UPDATE ${table} SET ${column} = 1 WHERE member_id = ?`).bind(past.actor.memberId).run();
    await end("sessions", "ends_at_ms");
    await end("one_time_tokens", "expires_at_ms");
    await env.DB.prepare(
      "UPDATE memberships SET role = 'viewer', updated_at_ms = updated_at_ms + 1 WHERE member_id = ?",
    )
      .bind(present.actor.memberId)
      .run();
    const execution = createExecutionContext();
    await new AuthWorker(execution, env).scheduled();
    await waitOnExecutionContext(execution);
    for (const table of ["sessions", "one_time_tokens"]) {
      const left = (id: string | null) => rowsOf(`SELECT 1 FROM ${table} WHERE member_id = ?`, id);
      expect(await left(past.actor.memberId)).toEqual([]);
      expect(await left(present.actor.memberId)).toHaveLength(1);
    }
    const { companyId, memberId } = present.actor;
    await expect.poll(() => contact(companyId, memberId ?? "")).toMatchObject({ role: "viewer", is_active: true });
  });
});
