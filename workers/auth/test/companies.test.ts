import { env } from "cloudflare:workers";
import { createExecutionContext } from "cloudflare:test";
import type { Actor } from "@aggregator/contracts/actor";
import type { AuditEntryView } from "@aggregator/contracts/companies";
import { describe, expect, it } from "vitest";
import AuthWorker from "../src/index.ts";
import {
  auditOf,
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
import { invite, join } from "./support/members.ts";
import { contact } from "./support/notices.ts";

const NOBODY = "01890000-0000-7000-8000-000000000000";
const anyString: unknown = expect.any(String);
const REASON = { reason: "does not pay" };
const DENIED = { ok: false, error: { code: "permission_denied" } };
const CONFLICT = { ok: false, error: { code: "conflict" } };
const SUSPENDED = { ok: false, error: { code: "company_suspended" } };

/** An operator: somebody's owner whom the database, and nothing else, has made one. */
async function operator(): Promise<Actor> {
  const { actor, session } = await registerCompany();
  await env.DB.prepare("UPDATE members SET is_platform_admin = 1 WHERE id = ?").bind(actor.memberId).run();
  return (await principal(session.access_token)).actor;
}

async function logOf(actor: Actor, query: object = {}): Promise<readonly AuditEntryView[]> {
  return valueOf(await auth.listAuditLog(context(), actor, query)).data;
}

describe("a company", () => {
  it("is renamed by If-Match, with what was and is in the log", async () => {
    const { actor } = await registerCompany();
    const before = valueOf(await auth.company(context(), actor));
    expect(before).toMatchObject({ name: "Example Ltd", revision: 1, is_active: true });
    const stale = await auth.updateCompany(context(), actor, { name: "Other" }, '"9"');
    expect(stale).toMatchObject({ error: { code: "precondition_failed" } });
    const after = valueOf(await auth.updateCompany(context(), actor, { name: "Other" }, '"1"'));
    expect(after).toEqual({ ...before, name: "Other", revision: 2 });
    const [entry] = await logOf(actor);
    expect(entry).toMatchObject({
      action: "company.updated",
      before: { name: "Example Ltd" },
      after: { name: "Other" },
      actor: { kind: "member", member_id: actor.memberId, ip: "203.0.113.7" },
    });
    const viewer = await join(actor, { role: "viewer" });
    expect(await auth.updateCompany(context(), viewer.actor, { name: "x" }, null)).toMatchObject(DENIED);
    expect(await auth.company(context(), { ...actor, permissions: [] })).toMatchObject(DENIED);
  });

  it.each([
    ["name", { name: " " }],
    ["name", { name: "x".repeat(100_000) }],
    ["name", { name: "a\r\nb" }],
    ["name", { name: "\u202Eevil" }],
    ["is_active", { is_active: false }],
    ["email", { email: "other@example.com" }],
    ["referral_code", { referral_code: "mine" }],
    ["referred_by_company_id", { referred_by_company_id: NOBODY }],
    ["__proto__", JSON.parse('{"__proto__":{"name":"x"}}') as unknown],
  ])("case 39: its change names the wrong field: %s %j", async (param, input) => {
    const { actor } = await registerCompany();
    const answer = await auth.updateCompany(context(), actor, input, null);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(valueOf(await auth.company(context(), actor)).revision).toBe(1);
  });
});

describe("closing a company", () => {
  it("needs an owner and its password, and ends every session, key and invitation at once", async () => {
    const { actor, session, email } = await registerCompany();
    const admin = await join(actor, { role: "admin" });
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    const invited = await invite(actor, { role: "viewer" });
    const right = { password: PASSWORD };
    expect(await auth.closeCompany(context(), admin.actor, right)).toMatchObject(DENIED);
    const byKey = { ...actor, kind: "api_key", keyId: key.id } as const;
    expect(await auth.closeCompany(context(), byKey, right)).toMatchObject(DENIED);
    expect(await auth.closeCompany(context(), actor, { password: "wrong" })).toMatchObject({
      error: { code: "invalid_credentials", param: "password" },
    });
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ ok: true });

    expect(await auth.closeCompany(context(), actor, right)).toEqual({ ok: true });
    for (const token of [session.access_token, admin.session.access_token, key.key]) {
      expect(await auth.authenticate(context(), token)).toMatchObject({ ok: false });
    }
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject({ ok: false });
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject(SUSPENDED);
    const accepted = await auth.acceptInvitation(context(), { token: invited.token, password: PASSWORD });
    expect(accepted).toMatchObject({ ok: false });
    await expect.poll(async () => (await contact(actor.companyId, admin.id)).is_active).toBe(false);
    expect(await auditOf(actor.companyId, "company.closed")).toHaveLength(1);
  });
});

describe("a member of several companies", () => {
  it("sees them all and switches between them without staying longer than it signed in for", async () => {
    const [ours, theirs] = [await registerCompany({ name: "Ours" }), await registerCompany({ name: "Theirs" })];
    await join(ours.actor, { role: "billing" }, theirs.email);
    const me = valueOf(await auth.me(context(), theirs.actor));
    expect(me.companies.map(({ name, role }) => [name, role])).toEqual([
      ["Theirs", "owner"],
      ["Ours", "billing"],
    ]);
    const input = { company_id: ours.actor.companyId };
    const switched = valueOf(await auth.switchCompany(context(), theirs.actor, theirs.session.access_token, input));
    expect(switched.company).toMatchObject({ id: ours.actor.companyId, role: "billing" });
    const { actor } = await principal(switched.access_token);
    expect(actor).toMatchObject({ companyId: ours.actor.companyId, memberId: theirs.actor.memberId });
    expect(actor.permissions).not.toContain("members:manage");
    const ends = await rowsOf(
      "SELECT DISTINCT ends_at_ms FROM sessions WHERE id IN (SELECT target_id FROM audit_log WHERE company_id = ? AND action = 'session.started' AND after LIKE '%switched_from%') OR company_id = ?",
      ours.actor.companyId,
      theirs.actor.companyId,
    );
    expect(ends).toHaveLength(1);
    expect(await auth.authenticate(context(), theirs.session.access_token)).toMatchObject({ ok: true });
  });

  it("switches to no company that it is not in, nor does a key", async () => {
    const [ours, theirs] = [await registerCompany(), await registerCompany()];
    const { actor, session } = ours;
    const answers = [theirs.actor.companyId, NOBODY, "' OR 1=1 --"].map((id) =>
      auth.switchCompany(context(), actor, session.access_token, { company_id: id }),
    );
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject(DENIED);
    const key = { ...actor, kind: "api_key", keyId: "k" } as const;
    const own = { company_id: actor.companyId };
    expect(await auth.switchCompany(context(), key, session.access_token, own)).toMatchObject(DENIED);
    expect(await auth.switchCompany(context(), actor, theirs.session.access_token, own)).toMatchObject({
      error: { code: "invalid_token" },
    });
  });
});

describe("the audit log", () => {
  it("is narrowed by time, action, resource, actor and target, in pages that stay put while rows are added", async () => {
    const { actor } = await registerCompany();
    const admin = await join(actor, { role: "admin" });
    const key = valueOf(await auth.createApiKey(context(), admin.actor, { name: "k" }));
    valueOf(await auth.revokeApiKey(context(), actor, key.id));
    const actions = async (query: object) => (await logOf(actor, query)).map(({ action }) => action);
    expect(await actions({ action: "api_key" })).toEqual(["api_key.revoked", "api_key.created"]);
    expect(await actions({ action: "api_key.created" })).toEqual(["api_key.created"]);
    expect(await actions({ actor: admin.id })).toEqual(["api_key.created", "session.started", "member.joined"]);
    expect(await actions({ target_id: key.id, actor: actor.memberId })).toEqual(["api_key.revoked"]);
    expect(await actions({ from: "2999-01-01T00:00:00Z" })).toEqual([]);
    expect(await actions({ to: "2999-01-01T00:00:00Z", limit: "1" })).toEqual(["api_key.revoked"]);
    const first = valueOf(await auth.listAuditLog(context(), actor, { limit: "2" }));
    valueOf(await auth.createApiKey(context(), actor, { name: "late" }));
    const second = valueOf(await auth.listAuditLog(context(), actor, { limit: "100", cursor: first.nextCursor }));
    const seen = [...first.data, ...second.data].map(({ id }) => id);
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
    expect(second.data.at(-1)?.action).toBe("company.registered");
    const exported = valueOf(await auth.exportAuditLog(context(), actor, {}));
    expect(exported.data.map(({ id }) => id).slice(1)).toEqual(seen);
  });

  it("is for who may read it, and of the actor's own company", async () => {
    const [ours, theirs] = [await registerCompany(), await registerCompany()];
    const viewer = await join(ours.actor, { role: "viewer" });
    expect(await auth.listAuditLog(context(), viewer.actor, {})).toMatchObject(DENIED);
    expect(await auth.exportAuditLog(context(), viewer.actor, {})).toMatchObject(DENIED);
    expect(await logOf(theirs.actor, { actor: ours.actor.memberId })).toEqual([]);
    const foreign = valueOf(await auth.listAuditLog(context(), ours.actor, { limit: "1" })).nextCursor;
    expect((await logOf(theirs.actor, { cursor: foreign })).every(({ target_id: id }) => id !== viewer.id)).toBe(true);
  });

  it("has another Worker's change once it is done, under the id that its intent had, and never twice", async () => {
    const { actor } = await registerCompany();
    const at = context();
    const intent = { action: "webhook.created", targetId: "new", companyId: actor.companyId, isOperators: false };
    const begin = async () => valueOf(await auth.beginChange(at, actor, intent));
    const id = await begin();
    expect(await logOf(actor, { action: "webhook" })).toEqual([]);
    const change = { targetId: "w-1", before: null, after: { url: "https://example.com" } };
    for (let time = 0; time < 2; time += 1) valueOf(await auth.endChange(context(), id, change));
    expect(await logOf(actor, { action: "webhook" })).toEqual([
      {
        id,
        at: anyString,
        action: "webhook.created",
        target_id: "w-1",
        actor: { kind: "member", member_id: actor.memberId, key_id: null, ip: "203.0.113.7" },
        request_id: at.requestId,
        before: null,
        after: { url: "https://example.com" },
      },
    ]);
    valueOf(await auth.endChange(context(), await begin(), null));
    expect(await rowsOf("SELECT 1 FROM pending_changes WHERE company_id = ?", actor.companyId)).toEqual([]);
    expect(await logOf(actor, { action: "webhook" })).toHaveLength(1);
  });

  it("has a change of which nobody told the outcome, as unknown, and an operator's without its name", async () => {
    const { actor } = await registerCompany();
    const intent = { action: "credit.granted", targetId: "x".repeat(9_000), companyId: actor.companyId };
    const begin = async (isOperators: boolean) =>
      valueOf(await auth.beginChange(context(), await operator(), { ...intent, isOperators }));
    const [lost, open] = [await begin(true), await begin(true)];
    await env.DB.prepare("UPDATE pending_changes SET at_ms = at_ms - 600001 WHERE id = ?").bind(lost).run();
    await new AuthWorker(createExecutionContext(), env).scheduled();
    expect(await logOf(actor, { action: "credit" })).toMatchObject([
      {
        id: lost,
        target_id: "x".repeat(128),
        actor: { kind: "operator", member_id: null, ip: null },
        after: { outcome: "unknown" },
      },
    ]);
    valueOf(await auth.endChange(context(), lost, { before: null, after: null }));
    valueOf(await auth.endChange(context(), open, { before: null, after: null }));
    expect((await logOf(actor, { action: "credit" })).map(({ id }) => id)).toEqual([open, lost]);
    // Who only asks at an operator's address is none.
    const { actor: member } = await registerCompany();
    valueOf(await auth.beginChange(context(), member, { ...intent, isOperators: true }));
    expect(await rowsOf("SELECT actor_kind FROM pending_changes WHERE member_id = ?", member.memberId)).toEqual([
      { actor_kind: "member" },
    ]);
  });

  it.each([
    ["limit", { limit: "1000" }],
    ["cursor", { cursor: "%%%" }],
    ["from", { from: "yesterday" }],
    ["action", { action: "%" }],
    ["action", { action: "a".repeat(10_000) }],
    ["actor", { actor: "x".repeat(10_000) }],
  ])("case 50: refuses a bad %s", async (param, query) => {
    const { actor } = await registerCompany();
    const answer = await auth.listAuditLog(context(), actor, query);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });
});

describe("companies for operators", () => {
  it("are refused to everybody else, and no API makes an operator", async () => {
    const { actor } = await registerCompany();
    const calls = [
      auth.adminListCompanies(context(), actor, {}),
      auth.adminGetCompany(context(), actor, actor.companyId),
      auth.adminSuspendCompany(context(), actor, actor.companyId, REASON),
      auth.adminReactivateCompany(context(), actor, actor.companyId, REASON),
      auth.adminEraseCompany(context(), actor, actor.companyId, REASON),
    ];
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(DENIED);
    const email = newEmail();
    for (const field of ["platform_admin", "is_platform_admin", "platformAdmin"]) {
      const input = { name: "x", email, password: PASSWORD, [field]: true };
      expect(await auth.register(context(), input)).toMatchObject({ error: { code: "invalid_request", param: field } });
    }
    expect(await rowsOf("SELECT 1 FROM members WHERE email = ?", email)).toEqual([]);
  });

  it("case 50: are searched literally, in bounded pages", async () => {
    const admin = await operator();
    const name = `Needle ${crypto.randomUUID()} 100%_`;
    const { actor, email } = await registerCompany({ name });
    const search = async (query: object) =>
      valueOf(await auth.adminListCompanies(context(), admin, query)).data.map(({ id }) => id);
    for (const q of [name.toUpperCase(), name.slice(7, 30), email, actor.companyId]) {
      expect(await search({ q })).toEqual([actor.companyId]);
    }
    expect(await search({ q: "%%%%%%%%%%%%%%%%%" })).toEqual([]);
    expect(await search({ q: "Needle%100" })).toEqual([]);
    expect(await search({ q: email, is_active: "false" })).toEqual([]);
    expect(valueOf(await auth.adminGetCompany(context(), admin, actor.companyId))).toMatchObject({ members: 1, name });
    for (const query of [{ q: "x".repeat(10_000) }, { limit: "1000000000" }, { cursor: "!" }]) {
      expect(await auth.adminListCompanies(context(), admin, query)).toMatchObject({
        error: { code: "invalid_request" },
      });
    }
  });

  it("a suspended one is refused on the next request with sessions, refresh tokens and keys, until it is reactivated", async () => {
    const admin = await operator();
    const { actor, session, email } = await registerCompany();
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    expect(await auth.adminSuspendCompany(context(), admin, actor.companyId, {})).toMatchObject({
      error: { code: "invalid_request", param: "reason" },
    });
    const suspend = () => auth.adminSuspendCompany(context(), admin, actor.companyId, REASON);
    expect(valueOf(await suspend())).toMatchObject({ is_active: false, inactive_reason: "suspended" });
    expect(await suspend()).toMatchObject({ ok: true });
    expect(await auth.authenticate(context(), session.access_token)).toMatchObject(SUSPENDED);
    expect(await auth.authenticate(context(), key.key)).toMatchObject(SUSPENDED);
    expect(await auth.login(context(), { email, password: PASSWORD })).toMatchObject(SUSPENDED);
    expect(await auth.refresh(context(), { refresh_token: session.refresh_token })).toMatchObject({ ok: false });

    valueOf(await auth.adminReactivateCompany(context(), admin, actor.companyId, { reason: "paid" }));
    expect(await auth.authenticate(context(), key.key)).toMatchObject({ ok: true });
    const { actor: again } = await principal((await logIn(email)).access_token);
    const log = await logOf(again, { action: "company" });
    expect(log).toMatchObject([
      { action: "company.reactivated", after: { is_active: true, reason: "paid" } },
      { action: "company.suspended", after: { is_active: false, reason: "does not pay" } },
      { action: "company.registered" },
    ]);
    expect(log[0]?.actor).toEqual({ kind: "operator", member_id: null, key_id: null, ip: null });
  });

  it("an operator cannot suspend its own, nor one that is not there", async () => {
    const admin = await operator();
    expect(await auth.adminSuspendCompany(context(), admin, admin.companyId, REASON)).toMatchObject(CONFLICT);
    expect(await auth.adminSuspendCompany(context(), admin, NOBODY, REASON)).toMatchObject({
      error: { code: "not_found" },
    });
  });
});

describe("erasing a company", () => {
  it("is done to a closed one alone, and leaves nothing that tells who its people are", async () => {
    const admin = await operator();
    const theirs = await registerCompany();
    const name = `Canary ${crypto.randomUUID()}`;
    const { actor, email } = await registerCompany({ name });
    const both = await join(actor, { role: "viewer" }, theirs.email);
    const member = await join(actor, { role: "admin" });
    const keyName = `key ${crypto.randomUUID()}`;
    valueOf(await auth.createApiKey(context(), member.actor, { name: keyName }));
    const invited = await invite(actor, { role: "viewer" });
    const erase = () => auth.adminEraseCompany(context(), admin, actor.companyId, { reason: "asked" });
    expect(await erase()).toMatchObject(CONFLICT);
    valueOf(await auth.closeCompany(context(), actor, { password: PASSWORD }));
    expect(valueOf(await erase())).toMatchObject({ name: "erased", inactive_reason: "erased", members: 0 });
    expect(await erase()).toMatchObject({ ok: true });

    const tables = [
      "companies",
      "members",
      "memberships",
      "api_keys",
      "invitations",
      "sessions",
      "audit_log",
      "one_time_tokens",
    ];
    const rows = await Promise.all(tables.map((table) => rowsOf(`SELECT * FROM ${table}`)));
    const stored = JSON.stringify(rows);
    for (const canary of [name, email, member.email, keyName, invited.email]) expect(stored).not.toContain(canary);
    expect(await auditOf(actor.companyId, "company.erased")).toHaveLength(1);
    expect(await rowsOf("SELECT 1 FROM audit_log WHERE company_id = ?", actor.companyId)).toHaveLength(1);
    const told = async () => (await contact(actor.companyId, member.id)).email;
    await expect.poll(told).toBe(`${member.id}@erased.invalid`);
    expect((await logIn(theirs.email)).company.id).toBe(theirs.actor.companyId);
    expect(valueOf(await auth.me(context(), theirs.actor)).companies).toHaveLength(1);
    expect(both.id).toBe(theirs.actor.memberId);
    expect(await auth.adminReactivateCompany(context(), admin, actor.companyId, REASON)).toMatchObject(CONFLICT);
  });
});
