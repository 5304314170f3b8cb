import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type Call, openCall } from "../src/call.ts";
import type { Env } from "../src/env.ts";
import { changePassword } from "../src/operations/change-password.ts";
import { forgotPassword } from "../src/operations/forgot-password.ts";
import { resetPassword } from "../src/operations/reset-password.ts";
import {
  type Account,
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
import { notice, tokenOf } from "./support/notices.ts";

const NEW_PASSWORD = "another horse, another battery";
const INVALID = { ok: false, error: { code: "invalid_token" } };
const BAD_LINK = { ok: false, error: { code: "invalid_request", param: "token" } };
const OK = { ok: true };

function limitedCall(clientIp: string, limit: number): Call {
  const limited: Env = { ...env, AUTH_RATE_LIMIT_PER_MINUTE: String(limit) };
  return openCall(limited, context({ clientIp }), () => undefined);
}

async function sessionsOf(account: Pick<Account, "actor">, token: string) {
  return valueOf(await auth.listSessions(context(), account.actor, token, {})).data;
}

async function resetTokenOf(email: string): Promise<string> {
  valueOf(await auth.forgotPassword(context(), { email }));
  return tokenOf(await notice("password_reset", ({ data }) => data.to === email));
}

async function verificationTokenOf(email: string): Promise<string> {
  return tokenOf(await notice("email_verification", ({ data }) => data.to === email));
}

async function keyActorOf(account: Account) {
  const key = valueOf(await auth.createApiKey(context(), account.actor, { name: "k" }));
  return (await principal(key.key)).actor;
}

describe("a person's sessions", () => {
  it("are listed newest first, the one that asks marked, page by page", async () => {
    const account = await registerCompany();
    const second = await logIn(account.email);
    const listed = await sessionsOf(account, second.access_token);
    expect(listed.map((session) => session.is_current)).toEqual([true, false]);
    expect(listed[0]).toMatchObject({
      company: { id: account.actor.companyId, name: "Example Ltd" },
      method: "password",
      ip: "203.0.113.7",
    });
    const query = { limit: "1" };
    const first = valueOf(await auth.listSessions(context(), account.actor, second.access_token, query));
    const cursor = first.nextCursor ?? "";
    const next = valueOf(await auth.listSessions(context(), account.actor, second.access_token, { ...query, cursor }));
    expect([...first.data, ...next.data]).toEqual(listed);
    expect(next.nextCursor).toBeNull();
  });

  it("that have ended are not listed, and no secret is", async () => {
    const account = await registerCompany();
    const second = await logIn(account.email);
    await auth.logout(context(), account.actor, second.access_token);
    const listed = await sessionsOf(account, account.session.access_token);
    expect(listed).toHaveLength(1);
    expect(JSON.stringify(listed)).not.toContain("ash");
  });

  it("must hold: an ended session is refused on the next request, by both its tokens", async () => {
    const account = await registerCompany();
    const second = await logIn(account.email);
    expect(await auth.authenticate(context(), second.access_token)).toMatchObject(OK);
    const id = (await sessionsOf(account, second.access_token))[0]?.id ?? "";
    expect(await auth.revokeSession(context(), account.actor, id)).toEqual(OK);
    expect(await auth.authenticate(context(), second.access_token)).toMatchObject(INVALID);
    expect(await auth.refresh(context(), { refresh_token: second.refresh_token })).toMatchObject(INVALID);
    expect(await auth.authenticate(context(), account.session.access_token)).toMatchObject(OK);
    expect(await auth.revokeSession(context(), account.actor, id)).toEqual(OK);
    const ended = (await actionsOf(account.actor.companyId)).filter((action) => action === "session.ended");
    expect(ended).toHaveLength(1);
  });

  it("of somebody else answer exactly as ones that do not exist, also those of a colleague", async () => {
    const [account, other] = [await registerCompany(), await registerCompany()];
    const [theirs] = await rowsOf("SELECT id FROM sessions WHERE member_id = ?", other.actor.memberId);
    const id = String(theirs?.["id"]);
    const colleague = { ...account.actor, companyId: other.actor.companyId };
    const missing = await auth.revokeSession(context(), account.actor, crypto.randomUUID());
    expect(missing).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(await auth.revokeSession(context(), account.actor, id)).toEqual(missing);
    expect(await auth.revokeSession(context(), colleague, id)).toEqual(missing);
    expect(await auth.authenticate(context(), other.session.access_token)).toMatchObject(OK);
  });

  it("end together but for the one that asks", async () => {
    const account = await registerCompany();
    const [second, third] = [await logIn(account.email), await logIn(account.email)];
    expect(await auth.revokeOtherSessions(context(), account.actor, second.access_token)).toEqual(OK);
    for (const token of [account.session.access_token, third.access_token]) {
      expect(await auth.authenticate(context(), token)).toMatchObject(INVALID);
    }
    expect(await auth.authenticate(context(), second.access_token)).toMatchObject(OK);
    expect(await actionsOf(account.actor.companyId)).toContain("session.others_ended");
  });

  it("are no business of an API key, nor is the rest of a person's account", async () => {
    const account = await registerCompany();
    const actor = await keyActorOf(account);
    const denied = { ok: false, error: { code: "permission_denied" } };
    const passwords = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    expect(await auth.listSessions(context(), actor, "x", {})).toMatchObject(denied);
    expect(await auth.revokeSession(context(), actor, "x")).toMatchObject(denied);
    expect(await auth.revokeOtherSessions(context(), actor, "x")).toMatchObject(denied);
    expect(await auth.changePassword(context(), actor, "x", passwords)).toMatchObject(denied);
    expect(await auth.resendVerification(context(), actor)).toMatchObject(denied);
  });
});

describe("changing a password", () => {
  const input = { current_password: PASSWORD, new_password: NEW_PASSWORD };

  it("needs the current one, ends the other sessions, is audited and told by mail", async () => {
    const account = await registerCompany();
    const second = await logIn(account.email);
    expect(await auth.changePassword(context(), account.actor, second.access_token, input)).toEqual(OK);
    expect(await auth.authenticate(context(), account.session.access_token)).toMatchObject(INVALID);
    expect(await auth.authenticate(context(), second.access_token)).toMatchObject(OK);
    expect(await auth.login(context(), { email: account.email, password: PASSWORD })).toMatchObject({ ok: false });
    const signedIn = await auth.login(context(), { email: account.email, password: NEW_PASSWORD });
    expect(signedIn).toMatchObject(OK);
    expect(await actionsOf(account.actor.companyId)).toContain("password.changed");
    expect((await notice("security_alert", ({ data }) => data.to === account.email)).data).toMatchObject({
      ip: "203.0.113.7",
    });
  });

  it("ends the links that were mailed before", async () => {
    const account = await registerCompany();
    const token = await resetTokenOf(account.email);
    await auth.changePassword(context(), account.actor, account.session.access_token, input);
    expect(await auth.resetPassword(context(), { token, new_password: PASSWORD })).toMatchObject(BAD_LINK);
  });

  it.each([
    [{ current_password: "not it, not it" }, "invalid_credentials", "current_password"],
    [{ new_password: "short" }, "invalid_request", "new_password"],
    [{ new_password: "é".repeat(37) }, "invalid_request", "new_password"],
    [{ role: "owner" }, "invalid_request", "role"],
  ])("refuses %j and changes nothing", async (wrong, code, param) => {
    const account = await registerCompany();
    const answer = await auth.changePassword(context(), account.actor, account.session.access_token, {
      ...input,
      ...wrong,
    });
    expect(answer).toMatchObject({ ok: false, error: { code, param } });
    expect(await auth.login(context(), { email: account.email, password: PASSWORD })).toMatchObject(OK);
  });

  it("is limited before any hashing", async () => {
    const account = await registerCompany();
    const call = limitedCall("192.0.2.40", 2);
    const wrong = { ...input, current_password: "not it, not it" };
    const attempt = () => changePassword(call, account.actor, account.session.access_token, wrong);
    await Promise.all([attempt(), attempt()]);
    // Not `invalid_credentials`: the password was not looked at.
    expect(await attempt()).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
  });
});

describe("a forgotten password", () => {
  it("is answered without a look at who is known: the same, in the same time", async () => {
    const { email } = await registerCompany();
    const unreachable = new Proxy({}, { get: () => expect.unreachable("read before the answer") });
    for (const address of [email, newEmail()]) {
      const work: Promise<unknown>[] = [];
      const call = openCall(env, context(), (later) => work.push(later));
      const blind = { ...call, db: unreachable as Call["db"], later: call.later };
      expect(await forgotPassword(blind, { email: address })).toEqual(OK);
      expect(work).toHaveLength(1);
      await Promise.allSettled(work);
    }
  });

  it("is limited by network and by e-mail, known or not", async () => {
    const { email: known } = await registerCompany();
    for (const [index, email] of [known, newEmail()].entries()) {
      const codes: string[] = [];
      for (let n = 0; n < 4; n += 1) {
        const answer = await forgotPassword(limitedCall(`192.0.2.${50 + index * 10 + n}`, 3), { email });
        codes.push(answer.ok ? "ok" : answer.error.code);
      }
      expect(codes).toEqual(["ok", "ok", "ok", "rate_limit_exceeded"]);
    }
  });

  it("does not fill a mailbox: five mails an hour", async () => {
    const { email, actor } = await registerCompany();
    for (let n = 0; n < 7; n += 1) {
      const work: Promise<unknown>[] = [];
      await forgotPassword(
        openCall(env, context(), (later) => work.push(later)),
        { email },
      );
      await Promise.all(work);
    }
    const asked = (await actionsOf(actor.companyId)).filter((action) => action === "password.reset_requested");
    expect(asked).toHaveLength(5);
  });

  it("is replaced by the link: good once, all sessions end, the address is proved, nobody is signed in", async () => {
    const { email, actor, session } = await registerCompany();
    const token = await resetTokenOf(email);
    expect(await auth.resetPassword(context(), { token, new_password: NEW_PASSWORD })).toEqual(OK);
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(INVALID);
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject(INVALID);
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject({ ok: false });
    const signedIn = valueOf(await auth.login(context(), { email, password: NEW_PASSWORD }));
    expect(signedIn.company.is_verified).toBe(true);
    expect(await auth.resetPassword(context(), { token, new_password: PASSWORD })).toMatchObject(BAD_LINK);
    expect(await actionsOf(actor.companyId)).toContain("password.reset");
  });

  it("by two uses of a link at the same time is replaced once", async () => {
    const { email } = await registerCompany();
    const token = await resetTokenOf(email);
    const passwords = ["the first of two passwords", "the second of two passwords"];
    const answers = await Promise.all(
      passwords.map((password) => auth.resetPassword(context(), { token, new_password: password })),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const works = await Promise.all(passwords.map((password) => auth.login(context(), { email, password })));
    expect(works.map(({ ok }) => ok)).toEqual(answers.map(({ ok }) => ok));
  });

  it("is not replaced by a link that expired, was replaced, or is of another kind", async () => {
    const { email, actor } = await registerCompany();
    const first = await resetTokenOf(email);
    await auth.forgotPassword(context(), { email });
    const second = await laterLinkTo(email, first);
    const verification = await verificationTokenOf(email);
    await env.DB.prepare("UPDATE one_time_tokens SET expires_at_ms = 1 WHERE member_id = ? AND kind = 'password_reset'")
      .bind(actor.memberId)
      .run();
    for (const token of [first, second, verification, "", "x".repeat(32), "' OR 1=1 --"]) {
      expect(await auth.resetPassword(context(), { token, new_password: NEW_PASSWORD })).toMatchObject(BAD_LINK);
    }
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject(OK);
  });

  it("leaves only a hash of the link in the database", async () => {
    const { email } = await registerCompany();
    const token = await resetTokenOf(email);
    expect(JSON.stringify(await rowsOf("SELECT * FROM one_time_tokens"))).not.toContain(token);
  });

  it("is limited before any hashing when it is reset", async () => {
    const call = limitedCall("192.0.2.80", 1);
    const input = { token: "x".repeat(32), new_password: NEW_PASSWORD };
    expect(await resetPassword(call, input)).toMatchObject(BAD_LINK);
    expect(await resetPassword(call, input)).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
  });
});

/** The link of the mail that came after another. */
async function laterLinkTo(email: string, first: string): Promise<string> {
  return tokenOf(await notice("password_reset", (sent) => sent.data.to === email && tokenOf(sent) !== first));
}

describe("an e-mail address", () => {
  it("is proved by the link that registration mails, once, and the company with it", async () => {
    const { email, actor } = await registerCompany();
    const token = await verificationTokenOf(email);
    expect(await auth.verifyEmail(context(), { token })).toEqual(OK);
    expect(valueOf(await auth.me(context(), actor)).company.is_verified).toBe(true);
    expect(await actionsOf(actor.companyId)).toEqual(["company.registered", "member.email_verified"]);
    expect(await auth.verifyEmail(context(), { token })).toMatchObject(BAD_LINK);
    const [row] = await rowsOf("SELECT email_verified_at_ms AS at FROM members WHERE id = ?", actor.memberId);
    expect(row?.["at"]).toEqual(expect.any(Number));
  });

  it("is not proved by another's link, a guess, or a link to an address before it", async () => {
    const { email, actor } = await registerCompany();
    for (const token of ["", "x".repeat(32), await resetTokenOf(email)]) {
      expect(await auth.verifyEmail(context(), { token })).toMatchObject(BAD_LINK);
    }
    const token = await verificationTokenOf(email);
    await env.DB.prepare("UPDATE members SET email = ? WHERE id = ?").bind(newEmail(), actor.memberId).run();
    expect(await auth.verifyEmail(context(), { token })).toMatchObject(BAD_LINK);
    expect(valueOf(await auth.me(context(), actor)).company.is_verified).toBe(false);
  });

  it("is mailed a new link on demand, which ends the one before; none once it is proved", async () => {
    const { email, actor } = await registerCompany();
    const first = await verificationTokenOf(email);
    expect(await auth.resendVerification(context(), actor)).toEqual(OK);
    const second = tokenOf(
      await notice("email_verification", (sent) => sent.data.to === email && tokenOf(sent) !== first),
    );
    expect(await auth.verifyEmail(context(), { token: first })).toMatchObject(BAD_LINK);
    expect(await auth.verifyEmail(context(), { token: second })).toEqual(OK);
    expect(await auth.resendVerification(context(), actor)).toEqual(OK);
    expect(await rowsOf("SELECT 1 FROM one_time_tokens WHERE member_id = ?", actor.memberId)).toEqual([]);
  });
});
