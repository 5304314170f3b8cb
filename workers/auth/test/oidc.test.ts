import { env } from "cloudflare:workers";
import { Secret, TOTP } from "otpauth";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { openCall } from "../src/call.ts";
import { isLoginToken, loginSecretsOf } from "../src/domain/oidc-login.ts";
import { configOf } from "../src/env.ts";
import { finishOidcLogin } from "../src/operations/finish-oidc-login.ts";
import { startOidcLogin } from "../src/operations/start-oidc-login.ts";
import { ISSUER, LYING_ISSUER, PRIVATE_ISSUER } from "./doubles/issuer.ts";
import {
  type Account,
  actionsOf,
  auth,
  context,
  newEmail,
  PASSWORD,
  principal,
  registerCompany,
  rowsOf,
  valueOf,
} from "./support/auth.ts";
import { notice, tokenOf } from "./support/notices.ts";

const NOT_PROVED = { ok: false, error: { code: "invalid_credentials" } };
const NOT_VERIFIED = { ok: false, error: { code: "email_not_verified" } };
const AWAY = { ok: false, error: { code: "service_unavailable" } };
const NOBODY = { ok: false, error: { code: "permission_denied" } };

interface Returned {
  readonly login_token: string;
  readonly code: string;
  readonly state: string;
  readonly iss: string;
}

/** A company whose owner has proved its address. */
async function verifiedCompany() {
  const account = await registerCompany();
  const link = await notice("email_verification", ({ data }) => data.to === account.email);
  valueOf(await auth.verifyEmail(context(), { token: tokenOf(link) }));
  return account;
}

/** Starts a login and goes through the issuer as a browser does, up to what it brings back. */
async function throughIssuer(who: { email: string; sub?: string; misbehave?: string }): Promise<Returned> {
  const { authorization_url: start, login_token } = valueOf(await auth.startOidcLogin(context(), {}));
  const url = new URL(start);
  const { email, sub = `sub-of-${email}`, misbehave = "" } = who;
  for (const [name, value] of Object.entries({ email, sub, misbehave })) url.searchParams.set(name, value);
  const answer = await fetch(url, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "");
  const { code = "", state = "", iss = "" } = Object.fromEntries(back.searchParams);
  return { login_token, code, state, iss };
}

async function logInBy(who: { email: string; sub?: string; misbehave?: string }) {
  return auth.finishOidcLogin(context(), await throughIssuer(who));
}

function linksOf(memberId: string | null) {
  return rowsOf("SELECT subject FROM oidc_identities WHERE member_id = ?", memberId);
}

describe("signing in by an issuer", () => {
  it("goes there with PKCE, state and nonce, none of which is stored or follows from another", async () => {
    const { authorization_url, login_token } = valueOf(await auth.startOidcLogin(context(), {}));
    const url = new URL(authorization_url);
    const asked = Object.fromEntries(url.searchParams);
    expect(url.origin + url.pathname).toBe(`${ISSUER}/authorize`);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: "aggregator-tests",
      redirect_uri: "http://localhost:3000/console/oidc",
      scope: "openid email",
      code_challenge_method: "S256",
    });
    const { state, nonce, codeVerifier } = await loginSecretsOf(login_token);
    expect([asked["state"], asked["nonce"]]).toEqual([state, nonce]);
    expect(codeVerifier).toMatch(/^[\w-]{43}$/);
    expect(new Set([state, nonce, codeVerifier, asked["code_challenge"]]).size).toBe(4);
    const stored = JSON.stringify(await rowsOf("SELECT * FROM one_time_tokens"));
    for (const secret of [login_token, state, nonce, codeVerifier]) expect(stored).not.toContain(secret);
  });

  it("links an address that both sides have verified, once, audited and told by mail", async () => {
    const { email, actor } = await verifiedCompany();
    const session = valueOf(await logInBy({ email: email.toUpperCase(), sub: `linked-${email}` }));
    expect((await principal(session.access_token)).actor).toEqual(actor);
    const [own] = valueOf(await auth.listSessions(context(), actor, session.access_token, {})).data;
    expect(own).toMatchObject({ method: "oidc", is_current: true });
    expect(await logInBy({ email, sub: `linked-${email}` })).toMatchObject({ ok: true });
    expect(await linksOf(actor.memberId)).toEqual([{ subject: `linked-${email}` }]);
    const linked = (await actionsOf(actor.companyId)).filter((action) => action === "oidc_identity.linked");
    expect(linked).toHaveLength(1);
    const alert = await notice("security_alert", ({ data }) => data.to === email);
    expect(alert.data.event).toContain(ISSUER);
  });

  it("knows a linked subject by itself, whatever its address is by now", async () => {
    const { email, actor } = await verifiedCompany();
    const sub = `steady-${email}`;
    valueOf(await logInBy({ email, sub }));
    const moved = valueOf(await logInBy({ email: newEmail(), sub, misbehave: "email-unverified" }));
    expect((await principal(moved.access_token)).actor).toEqual(actor);
  });

  it("refuses another subject with the address of a member that is linked: an address may change hands", async () => {
    const { email, actor } = await verifiedCompany();
    valueOf(await logInBy({ email, sub: `first-${email}` }));
    expect(await logInBy({ email, sub: `second-${email}` })).toMatchObject(NOBODY);
    expect(await linksOf(actor.memberId)).toHaveLength(1);
  });

  it.each(["email-unverified", "email-verified-by-text", "email-verified-unsaid", "no-email"])(
    "does not link an address that the issuer has not verified: %s",
    async (misbehave) => {
      const { email, actor } = await verifiedCompany();
      expect(await logInBy({ email, misbehave })).toMatchObject(NOT_VERIFIED);
      expect(await logInBy({ email: newEmail(), misbehave })).toMatchObject(NOT_VERIFIED);
      expect(await linksOf(actor.memberId)).toEqual([]);
    },
  );

  it("does not link an account whose address we have not verified: a stranger may have registered it", async () => {
    const { email, actor } = await registerCompany();
    expect(await logInBy({ email })).toMatchObject(NOT_VERIFIED);
    expect(await linksOf(actor.memberId)).toEqual([]);
  });

  it("makes no account, and none for a member that is locked out", async () => {
    expect(await logInBy({ email: newEmail() })).toMatchObject(NOBODY);
    const { email, actor } = await verifiedCompany();
    valueOf(await logInBy({ email }));
    await env.DB.prepare("UPDATE members SET is_active = 0 WHERE id = ?").bind(actor.memberId).run();
    expect(await logInBy({ email })).toMatchObject(NOBODY);
  });

  it("asks for the second factor of a member that has one", async () => {
    const { email, actor } = await verifiedCompany();
    const { secret } = valueOf(await auth.enrolSecondFactor(context(), actor, { password: PASSWORD }));
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const { recovery_codes } = valueOf(await auth.confirmSecondFactor(context(), actor, { code }));
    const first = await logInBy({ email });
    expect(first).toMatchObject({ ok: false, error: { code: "mfa_required" } });
    const challenge_token = first.ok ? "" : first.error.challengeToken;
    const input = { challenge_token, code: recovery_codes[0] };
    const session = valueOf(await auth.verifySecondFactor(context(), input));
    const [own] = valueOf(await auth.listSessions(context(), actor, session.access_token, {})).data;
    expect(own).toMatchObject({ method: "oidc_totp" });
  });
});

describe("what a member is linked to", () => {
  async function linkedCompany() {
    const account = await verifiedCompany();
    valueOf(await logInBy({ email: account.email }));
    const [identity] = valueOf(await auth.listOidcIdentities(context(), account.actor, {})).data;
    return { ...account, identity, id: identity?.id ?? "" };
  }
  /** As an issuer leaves behind that was configured once. */
  async function linkFormerIssuer(memberId: string | null) {
    const sql = "INSERT INTO oidc_identities (issuer, subject, member_id, created_at_ms) VALUES (?, ?, ?, 1)";
    await env.DB.prepare(sql).bind("https://former.example", memberId, memberId).run();
  }
  const NONE = { ok: false, error: { code: "not_found" } };

  it("is listed to itself alone, in pages, and not to a key", async () => {
    const { email, actor, identity, id } = await linkedCompany();
    expect(identity).toMatchObject({ issuer: ISSUER, subject: `sub-of-${email}` });
    await linkFormerIssuer(actor.memberId);
    const first = valueOf(await auth.listOidcIdentities(context(), actor, { limit: 1 }));
    const rest = valueOf(await auth.listOidcIdentities(context(), actor, { limit: 1, cursor: first.nextCursor }));
    expect(new Set([...first.data, ...rest.data].map(({ issuer }) => issuer)).size).toBe(2);
    expect(rest.nextCursor).toBeNull();
    const stranger = await registerCompany();
    expect(valueOf(await auth.listOidcIdentities(context(), stranger.actor, {})).data).toEqual([]);
    const asKey = { ...actor, kind: "api_key" as const };
    expect(await auth.listOidcIdentities(context(), asKey, {})).toMatchObject(NOBODY);
    expect(await auth.unlinkOidcIdentity(context(), asKey, id)).toMatchObject(NOBODY);
  });

  it("is unlinked once, audited and told by mail; another's id answers as a missing one", async () => {
    const { email, actor, id } = await linkedCompany();
    const stranger = await verifiedCompany();
    const missing = await auth.unlinkOidcIdentity(context(), stranger.actor, "x".repeat(32));
    expect(missing).toMatchObject(NONE);
    expect(await auth.unlinkOidcIdentity(context(), stranger.actor, id)).toEqual(missing);
    expect(await linksOf(actor.memberId)).toHaveLength(1);
    const both = await Promise.all([1, 2].map(() => auth.unlinkOidcIdentity(context(), actor, id)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await linksOf(actor.memberId)).toEqual([]);
    const told = (await actionsOf(actor.companyId)).filter((action) => action === "oidc_identity.unlinked");
    expect(told).toHaveLength(1);
    const isEnd = ({ data }: { data: { to: string; event?: string } }) =>
      data.to === email && data.event === `signing in by ${ISSUER} was ended`;
    await notice("security_alert", isEnd);
  });

  it("stays while it is the last way to sign in; a link to an issuer of old is none", async () => {
    const { actor, id } = await linkedCompany();
    await env.DB.prepare("UPDATE members SET password_hash = NULL WHERE id = ?").bind(actor.memberId).run();
    await linkFormerIssuer(actor.memberId);
    const conflict = { ok: false, error: { code: "conflict" } };
    expect(await auth.unlinkOidcIdentity(context(), actor, id)).toMatchObject(conflict);
    expect(await actionsOf(actor.companyId)).not.toContain("oidc_identity.unlinked");
    const { data } = valueOf(await auth.listOidcIdentities(context(), actor, {}));
    const former = data.find(({ issuer }) => issuer !== ISSUER)?.id ?? "";
    expect(await auth.unlinkOidcIdentity(context(), actor, former)).toEqual({ ok: true });
    expect(await linksOf(actor.memberId)).toHaveLength(1);
  });
});

describe("an issuer that misbehaves", () => {
  let honest: Account;
  beforeAll(async () => {
    honest = await verifiedCompany();
  });

  it.each([
    "wrong-nonce",
    "no-nonce",
    "wrong-aud",
    "wrong-iss",
    "no-sub",
    "expired",
    "alg-none",
    "hs256",
    "no-signature",
    "strangers-key",
    "no-id-token",
    "redirect",
    "fails",
  ])("signs nobody in: %s", async (misbehave) => {
    const { email, actor } = honest;
    expect(await logInBy({ email, misbehave })).toMatchObject(NOT_PROVED);
    expect(await linksOf(actor.memberId)).toEqual([]);
  });

  it("would have signed the same person in without that", async () => {
    expect(await logInBy({ email: honest.email })).toMatchObject({ ok: true });
  });

  it.each([
    ["another state", { state: "x".repeat(43) }],
    ["another issuer's answer", { iss: "https://evil.example" }],
    ["a code that is none", { code: "guessed" }],
  ])("is not what brought back %s", async (_, changes) => {
    const { email } = await verifiedCompany();
    const returned = { ...(await throughIssuer({ email })), ...changes };
    expect(await auth.finishOidcLogin(context(), returned)).toMatchObject(NOT_PROVED);
  });

  it("cannot have one browser's answer used by another: state and proof belong to the login", async () => {
    const [{ email: attacker }, { email: victim }] = [await verifiedCompany(), await verifiedCompany()];
    const [theirs, ours] = [await throughIssuer({ email: attacker }), await throughIssuer({ email: victim })];
    const { code } = theirs;
    expect(await auth.finishOidcLogin(context(), { ...ours, code })).toMatchObject(NOT_PROVED);
    const mixed = { ...theirs, login_token: (await throughIssuer({ email: victim })).login_token };
    expect(await auth.finishOidcLogin(context(), mixed)).toMatchObject(NOT_PROVED);
  });

  it("gets one chance per login, also of two at the same time", async () => {
    const { email } = await verifiedCompany();
    const returned = await throughIssuer({ email });
    const both = await Promise.all([1, 2].map(() => auth.finishOidcLogin(context(), returned)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const bad = { ok: false, error: { code: "invalid_token", param: "login_token" } };
    expect(await auth.finishOidcLogin(context(), returned)).toMatchObject(bad);
    for (const login_token of ["", "x".repeat(32), "' OR 1=1 --"]) {
      expect(await auth.finishOidcLogin(context(), { ...returned, login_token })).toMatchObject(bad);
    }
    expect(isLoginToken(returned.login_token)).toBe(true);
  });

  it("leaves a line with the check that failed, and nothing of what was sent", async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    const { email } = await verifiedCompany();
    const returned = await throughIssuer({ email, misbehave: "wrong-nonce" });
    const call = openCall({ ...env, LOG_LEVEL: "warn" }, context(), () => undefined);
    expect(await finishOidcLogin(call, returned)).toMatchObject(NOT_PROVED);
    log.mockRestore();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"event":"oidc_refused".*"reason":"OAUTH_\w+"/);
    for (const secret of [returned.code, returned.state, returned.login_token, email]) {
      expect(lines[0]).not.toContain(secret);
    }
  });
});

describe("the issuer's address", () => {
  const withIssuer = (changes: Partial<typeof env>) => openCall({ ...env, ...changes }, context(), () => undefined);

  it("is asked for first: without one there is nothing", async () => {
    const call = withIssuer({ OIDC_ISSUER: "", OIDC_CLIENT_ID: "" });
    const none = { ok: false, error: { code: "not_found" } };
    expect(await startOidcLogin(call, {})).toMatchObject(none);
    expect(await finishOidcLogin(call, {})).toMatchObject(none);
  });

  it("and the client's id belong together: the Worker does not start half-configured", () => {
    expect(() => configOf({ ...env, OIDC_CLIENT_ID: "" })).toThrow("OIDC_CLIENT_ID");
  });

  it("passes the one guard: a private one is refused where private upstreams are not allowed", async () => {
    for (const OIDC_ISSUER of [PRIVATE_ISSUER, "https://127.0.0.1:9400", "https://[::1]", "https://169.254.169.254"]) {
      expect(await startOidcLogin(withIssuer({ OIDC_ISSUER }), {})).toMatchObject(AWAY);
    }
    const allowed = withIssuer({ OIDC_ISSUER: PRIVATE_ISSUER, ALLOW_PRIVATE_UPSTREAMS: "true" });
    expect(valueOf(await startOidcLogin(allowed, {})).authorization_url).toContain(`${PRIVATE_ISSUER}/authorize`);
  });

  it("must be what the issuer says of itself, and answer", async () => {
    for (const OIDC_ISSUER of [LYING_ISSUER, "https://down.example"]) {
      expect(await startOidcLogin(withIssuer({ OIDC_ISSUER }), {})).toMatchObject(AWAY);
    }
  });

  it("is asked within the limit of attempts", async () => {
    const call = withIssuer({ AUTH_RATE_LIMIT_PER_MINUTE: "1" });
    const limited = { ...call, context: context({ clientIp: "192.0.2.90" }) };
    expect(await startOidcLogin(limited, {})).toMatchObject({ ok: true });
    expect(await startOidcLogin(limited, {})).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
  });
});
