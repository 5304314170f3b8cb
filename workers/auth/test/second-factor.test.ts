import { env } from "cloudflare:workers";
import { Secret, TOTP } from "otpauth";
import { describe, expect, it } from "vitest";
import { openCall } from "../src/call.ts";
import { readRecoveryCode } from "../src/domain/recovery-code.ts";
import { stepOf } from "../src/domain/totp.ts";
import { disableSecondFactor } from "../src/operations/disable-second-factor.ts";
import { verifySecondFactor } from "../src/operations/verify-second-factor.ts";
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

const STEP_MS = 30_000;
const WRONG_CODE = { ok: false, error: { code: "invalid_credentials", param: "code" } };
const BAD_CHALLENGE = { ok: false, error: { code: "invalid_token", param: "challenge_token" } };

interface Enrolled extends Account {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/**
 * The code of a step, counted from now. The window of ±1 lets a test use the one of now and then the next
 * without waiting; neither is out of it when a step ends in between.
 */
function codeAt(secret: string, stepsFromNow: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsFromNow * STEP_MS });
}

/** A member with a second factor, which the code of now confirmed. */
async function enrolled(): Promise<Enrolled> {
  const account = await registerCompany();
  const { secret } = valueOf(await auth.enrolSecondFactor(context(), account.actor, { password: PASSWORD }));
  const code = codeAt(secret, 0);
  const { recovery_codes: recoveryCodes } = valueOf(await auth.confirmSecondFactor(context(), account.actor, { code }));
  return { ...account, secret, recoveryCodes };
}

/** The challenge of a login by password. */
async function challengeOf(email: string): Promise<string> {
  const answer = await auth.login(context(), { email, password: PASSWORD });
  if (answer.ok || answer.error.code !== "mfa_required") throw new Error("no challenge");
  return answer.error.challengeToken ?? "";
}

function verify(challenge_token: string, code: string) {
  return auth.verifySecondFactor(context(), { challenge_token, code });
}

describe("enrolling a second factor", () => {
  it("takes the password and a first code, answers recovery codes once, is audited and told by mail", async () => {
    const { actor, email, secret, recoveryCodes } = await enrolled();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes) expect(code).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    expect(valueOf(await auth.getSecondFactor(context(), actor))).toMatchObject({
      is_enabled: true,
      recovery_codes_left: 10,
    });
    expect(await actionsOf(actor.companyId)).toEqual([
      "company.registered",
      "second_factor.offered",
      "second_factor.enabled",
    ]);
    expect((await notice("security_alert", ({ data }) => data.to === email)).data.event).toContain("second factor");
  });

  it("is not in force before it is confirmed", async () => {
    const { actor, email } = await registerCompany();
    const offered = valueOf(await auth.enrolSecondFactor(context(), actor, { password: PASSWORD }));
    const url = new URL(offered.otpauth_url);
    expect([url.protocol, url.searchParams.get("secret")]).toEqual(["otpauth:", offered.secret]);
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject({ ok: true });
    const code = codeAt(offered.secret, 100);
    expect(await auth.confirmSecondFactor(context(), actor, { code })).toMatchObject(WRONG_CODE);
    expect(valueOf(await auth.getSecondFactor(context(), actor))).toMatchObject({
      is_enabled: false,
      enabled_at: null,
    });
  });

  it.each([[{}], [{ password: "not it, not it" }], [{ password: PASSWORD, member_id: "x" }]])(
    "is refused with %j",
    async (input) => {
      const { actor } = await registerCompany();
      expect(await auth.enrolSecondFactor(context(), actor, input)).toMatchObject({ ok: false });
      expect(await rowsOf("SELECT 1 FROM second_factors WHERE member_id = ?", actor.memberId)).toEqual([]);
    },
  );

  it("never replaces one that is in force", async () => {
    const { actor } = await enrolled();
    const again = await auth.enrolSecondFactor(context(), actor, { password: PASSWORD });
    expect(again).toMatchObject({ ok: false, error: { code: "conflict" } });
    const confirmed = await auth.confirmSecondFactor(context(), actor, { code: "000000" });
    expect(confirmed).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it("is confirmed once by two at the same time, and the codes that were shown are the ones that work", async () => {
    const { actor, email } = await registerCompany();
    const { secret } = valueOf(await auth.enrolSecondFactor(context(), actor, { password: PASSWORD }));
    const code = codeAt(secret, 0);
    const both = await Promise.all([1, 2].map(() => auth.confirmSecondFactor(context(), actor, { code })));
    const shown = both.flatMap((answer) => (answer.ok ? [answer.value.recovery_codes] : []));
    expect(shown).toHaveLength(1);
    expect(await verify(await challengeOf(email), shown[0]?.[0] ?? "")).toMatchObject({ ok: true });
  });

  it("is no business of an API key", async () => {
    const { actor } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    const asKey = (await principal(key.key)).actor;
    const answers = [
      await auth.getSecondFactor(context(), asKey),
      await auth.enrolSecondFactor(context(), asKey, { password: PASSWORD }),
      await auth.confirmSecondFactor(context(), asKey, { code: "000000" }),
      await auth.disableSecondFactor(context(), asKey, { code: "000000" }),
      await auth.renewRecoveryCodes(context(), asKey, { code: "000000" }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: "permission_denied" } });
  });

  it("keeps the secret sealed and bound to its row, and of recovery codes only hashes", async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const stored = JSON.stringify([
      await rowsOf("SELECT * FROM second_factors"),
      await rowsOf("SELECT * FROM recovery_codes"),
    ]);
    for (const secret of [
      one.secret,
      ...one.recoveryCodes,
      ...one.recoveryCodes.map((code) => readRecoveryCode(code)),
    ]) {
      expect(stored).not.toContain(secret);
    }
    await env.DB.prepare(
      "UPDATE second_factors SET sealed_secret = (SELECT sealed_secret FROM second_factors WHERE member_id = ?) WHERE member_id = ?",
    )
      .bind(one.actor.memberId, other.actor.memberId)
      .run();
    const answer = await verify(await challengeOf(other.email), codeAt(one.secret, 1));
    expect(answer).toMatchObject({ ok: false, error: { code: "service_unavailable" } });
  });
});

describe("logging in with a second factor", () => {
  it("takes the password first, then the code; the session says so", async () => {
    const { email, secret, actor } = await enrolled();
    const session = valueOf(await verify(await challengeOf(email), codeAt(secret, 1)));
    expect((await principal(session.access_token)).actor).toEqual(actor);
    const [own] = valueOf(await auth.listSessions(context(), actor, session.access_token, {})).data;
    expect(own).toMatchObject({ method: "password_totp", is_current: true });
  });

  it("is refused with a wrong password as without a second factor: the challenge tells nobody that there is one", async () => {
    const { email } = await enrolled();
    const wrong = await auth.login(context(), { email, password: "not the password" });
    expect(wrong).toEqual(await auth.login(context(), { email: newEmail(), password: "not the password" }));
  });

  it("refuses a code that was used, within its window too, and any before it", async () => {
    const { email, secret } = await enrolled();
    const code = codeAt(secret, 1);
    expect(await verify(await challengeOf(email), code)).toMatchObject({ ok: true });
    const challenge = await challengeOf(email);
    for (const old of [code, codeAt(secret, 0), codeAt(secret, -1)]) {
      expect(await verify(challenge, old)).toMatchObject(WRONG_CODE);
    }
    const later = { ...openCall(env, context(), () => undefined), nowMs: Date.now() + 2 * STEP_MS };
    const input = { challenge_token: challenge, code: codeAt(secret, 3) };
    expect(await verifySecondFactor(later, input)).toMatchObject({ ok: true });
  });

  it("lets one of two requests with the same code in", async () => {
    const { email, secret } = await enrolled();
    const challenges = [await challengeOf(email), await challengeOf(email)];
    const both = await Promise.all(challenges.map((challenge) => verify(challenge, codeAt(secret, 1))));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("lets one of two requests with the same challenge in", async () => {
    const { email, recoveryCodes } = await enrolled();
    const challenge = await challengeOf(email);
    const both = await Promise.all(recoveryCodes.slice(0, 2).map((code) => verify(challenge, code)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await verify(challenge, recoveryCodes[2] ?? "")).toMatchObject(BAD_CHALLENGE);
  });

  it("takes a recovery code however it is typed, once, and not another member's", async () => {
    const [{ email, actor, recoveryCodes }, other] = [await enrolled(), await enrolled()];
    const [code = "", next = ""] = recoveryCodes;
    expect(await verify(await challengeOf(other.email), code)).toMatchObject(WRONG_CODE);
    expect(await verify(await challengeOf(email), ` ${code.toUpperCase().replaceAll("-", " ")} `)).toMatchObject({
      ok: true,
    });
    const challenge = await challengeOf(email);
    expect(await verify(challenge, code)).toMatchObject(WRONG_CODE);
    expect(valueOf(await auth.getSecondFactor(context(), actor)).recovery_codes_left).toBe(9);
    expect(await verify(challenge, next)).toMatchObject({ ok: true });
  });

  it("refuses a challenge that expired, is another kind of link, or is none", async () => {
    const { email, actor, secret } = await enrolled();
    const challenge = await challengeOf(email);
    const mailed = tokenOf(await notice("email_verification", ({ data }) => data.to === email));
    for (const token of [mailed, "", "x".repeat(32), "' OR 1=1 --"]) {
      expect(await verify(token, codeAt(secret, 1))).toMatchObject(BAD_CHALLENGE);
    }
    await env.DB.prepare("UPDATE one_time_tokens SET expires_at_ms = 1 WHERE member_id = ?").bind(actor.memberId).run();
    expect(await verify(challenge, codeAt(secret, 1))).toMatchObject(BAD_CHALLENGE);
  });

  it("refuses a challenge after the password was changed, and for a suspended company", async () => {
    const { email, actor, session, recoveryCodes } = await enrolled();
    const [first, second] = [await challengeOf(email), await challengeOf(email)];
    await env.DB.prepare("UPDATE companies SET is_active = 0 WHERE id = ?").bind(actor.companyId).run();
    expect(await verify(first, recoveryCodes[0] ?? "")).toMatchObject({
      ok: false,
      error: { code: "company_suspended" },
    });
    await env.DB.prepare("UPDATE companies SET is_active = 1 WHERE id = ?").bind(actor.companyId).run();
    const passwords = { current_password: PASSWORD, new_password: "another horse, another battery" };
    expect(await auth.changePassword(context(), actor, session.access_token, passwords)).toEqual({ ok: true });
    expect(await verify(second, recoveryCodes[1] ?? "")).toMatchObject(BAD_CHALLENGE);
  });

  it("counts guesses over all challenges: after 30 a day not even the right code is looked at", async () => {
    const { email, actor, secret, recoveryCodes } = await enrolled();
    const wrong = [-40, -30, -20].map((step) => codeAt(secret, step));
    const [challenge, other] = [await challengeOf(email), await challengeOf(email)];
    const guesses = Array.from({ length: 30 }, (_, n) => verify(n % 2 === 0 ? challenge : other, wrong[n % 3] ?? ""));
    const codes = (await Promise.all(guesses)).map((answer) => (answer.ok ? "ok" : answer.error.code));
    expect(new Set(codes)).toEqual(new Set(["invalid_credentials"]));
    const limited = { ok: false, error: { code: "rate_limit_exceeded" } };
    expect(await verify(challenge, codeAt(secret, 1))).toMatchObject(limited);
    expect(await auth.disableSecondFactor(context(), actor, { code: recoveryCodes[0] })).toMatchObject(limited);
  });

  it("is not passed by resetting the password, by refreshing, nor by joining another company", async () => {
    const { email } = await enrolled();
    valueOf(await auth.forgotPassword(context(), { email }));
    const token = tokenOf(await notice("password_reset", ({ data }) => data.to === email));
    expect(await auth.resetPassword(context(), { token, new_password: PASSWORD })).toEqual({ ok: true });
    expect(await challengeOf(email)).toMatch(/^\w{32}$/);
    const other = await registerCompany();
    valueOf(await auth.createInvitation(context(), other.actor, { email, role: "viewer" }));
    const invitation = tokenOf(await notice("invitation", ({ data }) => data.to === email));
    const joined = await auth.acceptInvitation(context(), { token: invitation, password: PASSWORD });
    expect(joined).toMatchObject({ ok: false, error: { code: "mfa_required" } });
  });
});

describe("recovery codes", () => {
  it("are renewed by a code, and those before end", async () => {
    const { actor, email, secret, recoveryCodes } = await enrolled();
    const renewed = valueOf(await auth.renewRecoveryCodes(context(), actor, { code: codeAt(secret, 1) }));
    expect(renewed.recovery_codes).toHaveLength(10);
    const challenge = await challengeOf(email);
    expect(await verify(challenge, recoveryCodes[0] ?? "")).toMatchObject(WRONG_CODE);
    expect(await verify(challenge, renewed.recovery_codes[0] ?? "")).toMatchObject({ ok: true });
    expect(await actionsOf(actor.companyId)).toContain("second_factor.recovery_codes_renewed");
  });

  it("are not renewed without one", async () => {
    const { actor, secret } = await enrolled();
    const code = codeAt(secret, 50);
    expect(await auth.renewRecoveryCodes(context(), actor, { code })).toMatchObject(WRONG_CODE);
    expect(valueOf(await auth.getSecondFactor(context(), actor)).recovery_codes_left).toBe(10);
  });
});

describe("disabling a second factor", () => {
  it("takes a code; the password alone signs in again, and nothing of it is left", async () => {
    const { actor, email, secret } = await enrolled();
    expect(await auth.disableSecondFactor(context(), actor, { code: "000000x" })).toMatchObject(WRONG_CODE);
    expect(await auth.disableSecondFactor(context(), actor, { code: codeAt(secret, 1) })).toEqual({ ok: true });
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject({ ok: true });
    expect(valueOf(await auth.getSecondFactor(context(), actor))).toEqual({
      is_enabled: false,
      enabled_at: null,
      recovery_codes_left: 0,
    });
    expect(await actionsOf(actor.companyId)).toContain("second_factor.disabled");
  });

  it("by a recovery code is what helps somebody who lost the authenticator", async () => {
    const { actor, recoveryCodes } = await enrolled();
    const call = openCall(env, context(), () => undefined);
    expect(await disableSecondFactor(call, actor, { code: recoveryCodes[3] })).toEqual({ ok: true });
  });
});

describe("the clock of an authenticator", () => {
  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])("may be %i steps off: %s", (steps, isTaken) => {
    const secret = new Secret({ size: 20 }).base32;
    const nowMs = 1_790_000_000_000;
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: nowMs + steps * STEP_MS });
    const step = Math.floor(nowMs / STEP_MS) + steps;
    expect(stepOf(secret, code, nowMs)).toBe(isTaken ? step : null);
  });

  it("of a later day does not bring an old code back", async () => {
    const { email, secret } = await enrolled();
    const challenge = await challengeOf(email);
    const late = { ...openCall(env, context(), () => undefined), nowMs: Date.now() + 4 * 60_000 };
    const answer = await verifySecondFactor(late, { challenge_token: challenge, code: codeAt(secret, 1) });
    expect(answer).toMatchObject(WRONG_CODE);
  });
});
