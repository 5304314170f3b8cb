import { env } from "cloudflare:workers";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { describe, expect, it } from "vitest";
import {
  actionsOf,
  auth,
  context,
  logIn,
  newEmail,
  PASSWORD,
  principal,
  registerCompany,
  rowsOf,
  valueOf,
} from "./support/auth.ts";

describe("registration", () => {
  it("makes a company, its owner, a membership, a session, a referral code and an audit row", async () => {
    const email = newEmail();
    const session = valueOf(await auth.register(context(), { name: "Acme", email, password: PASSWORD }));
    expect(session).toMatchObject({
      token_type: "Bearer",
      expires_in: 900,
      company: { name: "Acme", email, role: "owner", is_active: true, is_verified: false },
    });
    expect(session.company.referral_code).toMatch(/^[0-9A-Za-z]{10}$/);
    const { actor } = await principal(session.access_token);
    expect(actor).toMatchObject({ kind: "member", companyId: session.company.id, keyId: null, platformAdmin: false });
    expect(actor.permissions).toContain("company:close");
    expect(await actionsOf(session.company.id)).toEqual(["company.registered"]);
    expect(await rowsOf("SELECT * FROM memberships WHERE company_id = ?", session.company.id)).toHaveLength(1);
  });

  it("stores no password, only bcrypt at cost 10", async () => {
    const { email } = await registerCompany();
    const [member] = await rowsOf("SELECT * FROM members WHERE email = ?", email);
    expect(member?.["password_hash"]).toMatch(/^\$2b\$10\$/);
    expect(JSON.stringify(member)).not.toContain(PASSWORD);
  });

  it("refuses an e-mail that is used, whatever its case, and stores nothing", async () => {
    const { email } = await registerCompany();
    const before = await rowsOf("SELECT count(*) AS n FROM companies");
    const again = await auth.register(context(), { name: "Other", email: email.toUpperCase(), password: PASSWORD });
    expect(again).toMatchObject({ ok: false, error: { code: "already_exists", param: "email" } });
    expect(await rowsOf("SELECT count(*) AS n FROM companies")).toEqual(before);
  });

  it.each([
    ["role", { role: "admin" }],
    ["company_id", { company_id: "x" }],
    ["companyId", { companyId: "x" }],
    ["balance", { balance: 10 }],
    ["is_admin", { is_admin: true }],
    ["isAdmin", { isAdmin: true }],
    ["is_platform_admin", { is_platform_admin: true }],
    ["emailVerified", { emailVerified: true }],
    ["is_verified", { is_verified: true }],
    ["referrerId", { referrerId: "x" }],
    ["referred_by_company_id", { referred_by_company_id: "x" }],
  ])("case 39: refuses to take %s from the body", async (param, extra) => {
    const email = newEmail();
    const answer = await auth.register(context(), { name: "Acme", email, password: PASSWORD, ...extra });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(await rowsOf("SELECT 1 FROM members WHERE email = ?", email)).toEqual([]);
  });

  it.each([
    ["password", { password: "short" }],
    ["password", { password: "é".repeat(37) }],
    ["password", { password: "long enough\0but cut" }],
    ["email", { email: "no address" }],
    // Cyrillic а: looks the same, is another.
    ["email", { email: "ownerа@example.com" }],
    ["email", { email: "a@example.com\r\nbcc: b@example.com" }],
    ["email", { email: `${"a".repeat(250)}@example.com` }],
    ["name", { name: "" }],
    ["name", { name: "A\u202Ecilbup" }],
    ["name", { name: "A\r\nB" }],
    ["name", { name: "x".repeat(256) }],
    ["name", { name: 5 }],
    ["referral_code", { referral_code: "nobodys" }],
  ])("names the wrong field: %s %j", async (param, wrong) => {
    const answer = await auth.register(context(), { name: "Acme", email: newEmail(), password: PASSWORD, ...wrong });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });

  it("accepts a password of exactly 72 bytes", async () => {
    const password = "é".repeat(36);
    const { email } = await registerCompany({ password });
    const cut = await auth.login(context(), { email, password: "é".repeat(37) });
    expect(cut).toMatchObject({ ok: false, error: { code: "invalid_credentials" } });
    expect(await auth.login(context(), { email, password })).toMatchObject({ ok: true });
  });

  it("attributes a referral once: the database refuses to change it", async () => {
    const referrer = await registerCompany();
    const referee = await registerCompany({ referral_code: referrer.session.company.referral_code });
    const other = await registerCompany();
    const read = () =>
      rowsOf("SELECT referred_by_company_id AS by FROM companies WHERE id = ?", referee.actor.companyId);
    expect(await read()).toEqual([{ by: referrer.actor.companyId }]);
    const steal = env.DB.prepare("UPDATE companies SET referred_by_company_id = ? WHERE id = ?");
    await expect(steal.bind(other.actor.companyId, referee.actor.companyId).run()).rejects.toThrow("attributed once");
    expect(await read()).toEqual([{ by: referrer.actor.companyId }]);
  });
});

describe("logging in", () => {
  it("answers the same for an unknown e-mail and a wrong password", async () => {
    const { email } = await registerCompany();
    const wrong = await auth.login(context(), { email, password: "not the password" });
    const unknown = await auth.login(context(), { email: newEmail(), password: "not the password" });
    expect(wrong).toEqual(unknown);
    expect(wrong).toEqual({
      ok: false,
      error: { code: "invalid_credentials", message: "The e-mail or the password is wrong." },
    });
  });

  it("takes about as long for an unknown e-mail as for a wrong password", async () => {
    const { email } = await registerCompany();
    const median = async (address: () => string) => {
      const times: number[] = [];
      for (let run = 0; run < 5; run += 1) {
        const startMs = performance.now();
        await auth.login(context(), { email: address(), password: "not the password" });
        times.push(performance.now() - startMs);
      }
      return times.sort((a, b) => a - b)[2] ?? 0;
    };
    const [known, unknown] = [await median(() => email), await median(newEmail)];
    // A hash is tens of milliseconds, everything else a few: without the dummy hash the ratio is above 5.
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(3);
  });

  it("is written to the audit log, with the address that it came from", async () => {
    const { email, actor } = await registerCompany();
    valueOf(await auth.login(context({ clientIp: "198.51.100.9" }), { email, password: PASSWORD }));
    const [row] = await rowsOf(
      "SELECT * FROM audit_log WHERE company_id = ? AND action = 'session.started'",
      actor.companyId,
    );
    expect(row).toMatchObject({ actor_kind: "member", member_id: actor.memberId, ip: "198.51.100.9", before: null });
  });

  it("is refused for a suspended company, by every credential", async () => {
    const { email, session, actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    await env.DB.prepare("UPDATE companies SET is_active = 0 WHERE id = ?").bind(actor.companyId).run();
    const refused = { ok: false, error: { code: "company_suspended" } };
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject(refused);
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(refused);
    expect(await auth.authenticate(context(), key.key)).toMatchObject(refused);
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject(refused);
    const wrong = await auth.login(context(), { email, password: "not the password" });
    expect(wrong).toMatchObject({ ok: false, error: { code: "invalid_credentials" } });
  });
});

describe("a session", () => {
  it("has an access token that says who issued it, for whom, of which session", async () => {
    const { session, actor } = await registerCompany();
    const claims = decodeJwt(session.access_token);
    expect(decodeProtectedHeader(session.access_token)).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
    expect(claims).toMatchObject({ iss: "http://localhost:3000", aud: "aggregator", sub: actor.memberId });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
    expect(claims["sid"]).toEqual(expect.any(String));
  });

  it("ends at once by logging out: both tokens are refused", async () => {
    const { session, actor } = await registerCompany();
    expect(await auth.logout(context(), actor, session.access_token)).toEqual({ ok: true });
    const refused = { ok: false, error: { code: "invalid_token" } };
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(refused);
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject(refused);
    expect(await actionsOf(actor.companyId)).toEqual(["company.registered", "session.ended"]);
  });

  it("ends alone: another session of the member lasts", async () => {
    const { email, session, actor } = await registerCompany();
    const other = await logIn(email);
    await auth.logout(context(), actor, session.access_token);
    expect(await auth.authenticate(context(), other.access_token)).toMatchObject({ ok: true });
  });

  it("goes on by refreshing: the new pair works, the company is the same", async () => {
    const { session } = await registerCompany();
    const next = valueOf(await auth.refresh(context(), { refresh_token: session.refresh_token }));
    expect(next.refresh_token).not.toBe(session.refresh_token);
    expect(next.company).toEqual(session.company);
    expect(await auth.authenticate(context(), next.access_token)).toMatchObject({ ok: true });
    expect(await auth.refresh(context(), { refresh_token: next.refresh_token })).toMatchObject({ ok: true });
  });

  it("ends for everybody when a refresh token is used twice", async () => {
    const { session, actor } = await registerCompany();
    const next = valueOf(await auth.refresh(context(), { refresh_token: session.refresh_token }));
    const refused = { ok: false, error: { code: "invalid_token" } };
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject(refused);
    expect(await auth.refresh(context(), { refresh_token: next.refresh_token })).toMatchObject(refused);
    expect(await auth.authenticate(context(), next.access_token)).toMatchObject(refused);
    expect(await actionsOf(actor.companyId)).toEqual(["company.registered", "session.ended"]);
  });

  it("gives one of two refreshes at the same time a token, and then nobody", async () => {
    const { session } = await registerCompany();
    const both = await Promise.all([1, 2].map(() => auth.refresh(context(), { refresh_token: session.refresh_token })));
    expect(both.filter((answer) => answer.ok)).toHaveLength(1);
    const winner = both.find((answer) => answer.ok);
    const token = winner?.ok === true ? winner.value.refresh_token : "";
    expect(await auth.refresh(context(), { refresh_token: token })).toMatchObject({ ok: false });
  });

  it("ends when nobody refreshed it for 30 days", async () => {
    const { session, actor } = await registerCompany();
    await env.DB.prepare("UPDATE sessions SET idle_ends_at_ms = ? WHERE member_id = ?")
      .bind(Date.now() - 1, actor.memberId)
      .run();
    const refused = { ok: false, error: { code: "invalid_token" } };
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject(refused);
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(refused);
  });

  it("stores no token: only hashes", async () => {
    const { session } = await registerCompany();
    const stored = JSON.stringify(await rowsOf("SELECT * FROM sessions"));
    const [, family, secret] = /^ag_refresh_(\w{32})_(\w{32})$/.exec(session.refresh_token) ?? [];
    expect(family).toBeDefined();
    for (const part of [session.refresh_token, family ?? "", secret ?? ""]) expect(stored).not.toContain(part);
  });

  it("is not what an API key has", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    const answer = await auth.logout(context(), (await principal(key.key)).actor, key.key);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request" } });
  });
});

describe("me", () => {
  it("tells a member its company, role and permissions", async () => {
    const { actor, email, session } = await registerCompany();
    expect(valueOf(await auth.me(context(), actor))).toEqual({
      company: session.company,
      member: { id: actor.memberId, email, role: "owner" },
      key: null,
      permissions: actor.permissions,
      companies: [{ id: actor.companyId, name: session.company.name, role: "owner", is_active: true }],
      platform_admin: false,
    });
  });

  it("tells a key its name and scopes", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "ci", scopes: ["usage:read"] }));
    const me = valueOf(await auth.me(context(), (await principal(key.key)).actor));
    expect(me).toMatchObject({ member: null, key: { id: key.id, name: "ci" }, permissions: ["usage:read"] });
  });
});

describe("who brought a company", () => {
  it("is told by the code that it registered with; nobody without one", async () => {
    const { session: referrer } = await registerCompany();
    const { referral_code: code } = referrer.company;
    const input = { name: "Brought", email: newEmail(), password: PASSWORD, referral_code: code };
    const brought = valueOf(await auth.register(context(), input));
    expect(valueOf(await auth.referralOf(context(), brought.company.id))).toEqual({
      referee_company_id: brought.company.id,
      referrer_company_id: referrer.company.id,
    });
    expect(valueOf(await auth.referralOf(context(), referrer.company.id))).toBeNull();
    expect(valueOf(await auth.referralOf(context(), "no-such-company"))).toBeNull();
  });
});
