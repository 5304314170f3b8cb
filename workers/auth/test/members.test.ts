import { env } from "cloudflare:workers";
import type { Page } from "@aggregator/contracts/page";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import type { Answer } from "@aggregator/contracts/result";
import { describe, expect, it } from "vitest";
import {
  actionsOf,
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
const DENIED = { ok: false, error: { code: "permission_denied" } };
const CONFLICT = { ok: false, error: { code: "conflict" } };
const NOT_FOUND = { ok: false, error: { code: "not_found" } };
const BAD_TOKEN = { ok: false, error: { code: "invalid_token" } };
const BAD_KEY = { ok: false, error: { code: "invalid_api_key" } };
const BAD_LINK = { ok: false, error: { code: "invalid_request", param: "token" } };

describe("an invitation", () => {
  it("lets its address in, once, with the role that it offers, and proves the address", async () => {
    const { actor } = await registerCompany();
    const { invitation, email, token, mail } = await invite(actor, { role: "developer" });
    expect(invitation).toMatchObject({ email, role: "developer", role_id: null, status: "pending" });
    expect(mail.data).toMatchObject({ to: email, company_name: "Example Ltd" });
    const session = valueOf(await auth.acceptInvitation(context(), { token, password: PASSWORD }));
    expect(session.company).toMatchObject({ id: actor.companyId, role: "developer" });
    const { actor: joined } = await principal(session.access_token);
    const member = valueOf(await auth.getMember(context(), actor, joined.memberId ?? ""));
    expect(member).toMatchObject({ email, role: "developer", is_verified: true, revision: 1 });
    expect(await contact(actor.companyId, member.id)).toMatchObject({ email, role: "developer", is_active: true });
    expect(await auth.acceptInvitation(context(), { token, password: PASSWORD })).toMatchObject(BAD_LINK);
    expect(await auth.revokeInvitation(context(), actor, invitation.id)).toMatchObject(CONFLICT);
    expect(await actionsOf(actor.companyId)).toEqual([
      "company.registered",
      "invitation.created",
      "member.joined",
      "session.started",
    ]);
  });

  it("stores the hash of its secret alone, and no answer shows it", async () => {
    const { actor } = await registerCompany();
    const { invitation, token } = await invite(actor, { role: "viewer" });
    const stored = JSON.stringify([await rowsOf("SELECT * FROM invitations"), await rowsOf("SELECT * FROM audit_log")]);
    expect(stored).toContain(invitation.id);
    expect(stored).not.toContain(token);
    expect(JSON.stringify(valueOf(await auth.listInvitations(context(), actor, {})))).not.toContain(token);
  });

  it("ends when it is taken back, when another is made to its address, and after a week", async () => {
    const { actor } = await registerCompany();
    const email = newEmail();
    const first = await invite(actor, { role: "viewer" }, email);
    const second = await invite(actor, { role: "billing" }, email);
    const accept = (token: string) => auth.acceptInvitation(context(), { token, password: PASSWORD });
    expect(await accept(first.token)).toMatchObject(BAD_LINK);
    expect(await auditOf(actor.companyId, "invitation.revoked")).toMatchObject([{ target_id: first.invitation.id }]);
    expect(await auth.revokeInvitation(context(), actor, second.invitation.id)).toEqual({ ok: true });
    expect(await auth.revokeInvitation(context(), actor, second.invitation.id)).toEqual({ ok: true });
    expect(await accept(second.token)).toMatchObject(BAD_LINK);
    const third = await invite(actor, { role: "viewer" }, email);
    await env.DB.prepare("UPDATE invitations SET expires_at_ms = 1 WHERE id = ?").bind(third.invitation.id).run();
    expect(await accept(third.token)).toMatchObject(BAD_LINK);
    const seen = valueOf(await auth.getInvitation(context(), actor, third.invitation.id));
    expect(seen.status).toBe("expired");
    expect(await rowsOf("SELECT 1 FROM members WHERE email = ?", email)).toEqual([]);
  });

  it("to a member of another company needs that member's password and gives it a second company", async () => {
    const [ours, theirs] = [await registerCompany(), await registerCompany()];
    const { token } = await invite(ours.actor, { role: "admin" }, theirs.email);
    const wrong = await auth.acceptInvitation(context(), { token, password: "not the password" });
    expect(wrong).toMatchObject({ ok: false, error: { code: "invalid_credentials" } });
    const session = valueOf(await auth.acceptInvitation(context(), { token, password: PASSWORD }));
    expect(session.company).toMatchObject({ id: ours.actor.companyId, role: "admin" });
    expect((await principal(session.access_token)).actor.memberId).toBe(theirs.actor.memberId);
    const again = { email: theirs.email, role: "viewer" };
    expect(await auth.createInvitation(context(), ours.actor, again)).toMatchObject({
      error: { code: "already_exists", param: "email" },
    });
  });

  it("gives nothing that its inviter may no longer give", async () => {
    const { actor } = await registerCompany();
    const admin = await join(actor, { role: "admin" });
    const { token } = await invite(admin.actor, { role: "admin" });
    valueOf(await auth.updateMember(context(), actor, admin.id, { role: "viewer" }, null));
    expect(await auth.acceptInvitation(context(), { token, password: PASSWORD })).toMatchObject(BAD_LINK);
  });
});

describe("case 40: nobody gives a person more than they have", () => {
  it("an admin makes no owner, by invitation, by change or by a role; a key's scopes bound it as well", async () => {
    const { actor } = await registerCompany();
    const admin = await join(actor, { role: "admin" });
    const other = await join(actor, { role: "viewer" });
    const offer = { email: newEmail(), role: "owner" };
    expect(await auth.createInvitation(context(), admin.actor, offer)).toMatchObject(DENIED);
    expect(await auth.updateMember(context(), admin.actor, other.id, { role: "owner" }, null)).toMatchObject(DENIED);
    const everything = { name: "everything", permissions: [...PERMISSIONS] };
    expect(await auth.createRole(context(), admin.actor, everything)).toMatchObject(DENIED);
    const role = valueOf(await auth.createRole(context(), actor, everything));
    expect(await auth.createInvitation(context(), admin.actor, { email: newEmail(), role_id: role.id })).toMatchObject(
      DENIED,
    );
    expect(await auth.updateMember(context(), admin.actor, other.id, { role_id: role.id }, null)).toMatchObject(DENIED);
    const scoped = { ...actor, permissions: ["invitations:manage", "members:manage", "roles:manage"] as const };
    expect(await auth.createInvitation(context(), scoped, { email: newEmail(), role: "viewer" })).toMatchObject(DENIED);
    expect(await auth.updateMember(context(), scoped, other.id, { role: "billing" }, null)).toMatchObject(DENIED);
    expect(valueOf(await auth.getMember(context(), actor, other.id)).role).toBe("viewer");
  });

  it("nobody takes from a person, or from a role, what they do not have themselves", async () => {
    const { actor } = await registerCompany();
    const owner = await join(actor, { role: "owner" });
    const admin = await join(actor, { role: "admin" });
    const role = valueOf(await auth.createRole(context(), actor, { name: "closer", permissions: ["company:close"] }));
    expect(await auth.updateMember(context(), admin.actor, owner.id, { role: "viewer" }, null)).toMatchObject(DENIED);
    expect(await auth.removeMember(context(), admin.actor, owner.id)).toMatchObject(DENIED);
    expect(await auth.updateRole(context(), admin.actor, role.id, { permissions: [] }, null)).toMatchObject(DENIED);
    expect(await auth.deleteRole(context(), admin.actor, role.id)).toMatchObject(DENIED);
  });

  it("a key with limits of its own gives people nothing", async () => {
    const { actor } = await registerCompany();
    const input = { name: "k", scopes: [...PERMISSIONS], allowed_models: ["m"] };
    const key = valueOf(await auth.createApiKey(context(), actor, input));
    const { actor: byKey } = await principal(key.key);
    expect(await auth.createInvitation(context(), byKey, { email: newEmail(), role: "viewer" })).toMatchObject(DENIED);
    expect(await auth.createRole(context(), byKey, { name: "r", permissions: ["usage:read"] })).toMatchObject(DENIED);
  });

  it("without the permission nobody changes anything", async () => {
    const { actor } = await registerCompany();
    const viewer = await join(actor, { role: "viewer" });
    const calls = [
      auth.createInvitation(context(), viewer.actor, { email: newEmail(), role: "viewer" }),
      auth.updateMember(context(), viewer.actor, viewer.id, { role: "owner" }, null),
      auth.removeMember(context(), viewer.actor, actor.memberId ?? ""),
      auth.createRole(context(), viewer.actor, { name: "r", permissions: [] }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(DENIED);
    expect(await auth.listMembers(context(), { ...actor, permissions: [] }, {})).toMatchObject(DENIED);
    expect(await auth.listRoles(context(), { ...actor, permissions: [] }, {})).toMatchObject(DENIED);
    expect(await auth.listInvitations(context(), { ...actor, permissions: [] }, {})).toMatchObject(DENIED);
  });
});

describe("case 41: on the next request", () => {
  it("a removed member is refused, with its sessions, refresh tokens and keys, and the account is named them", async () => {
    const { actor } = await registerCompany();
    const member = await join(actor, { role: "developer" });
    const key = valueOf(await auth.createApiKey(context(), member.actor, { name: "k" }));
    const removed = valueOf(await auth.removeMember(context(), actor, member.id));
    expect(removed).toMatchObject({ revoked: [key.id], actor: { companyId: actor.companyId, memberId: null } });
    expect(await auth.authenticate(context(), member.session.access_token)).toMatchObject(BAD_TOKEN);
    expect(await auth.refresh(context(), { refresh_token: member.session.refresh_token })).toMatchObject(BAD_TOKEN);
    expect(await auth.authenticate(context(), key.key)).toMatchObject(BAD_KEY);
    await expect.poll(async () => (await contact(actor.companyId, member.id)).is_active).toBe(false);
    expect(valueOf(await auth.removeMember(context(), actor, member.id)).revoked).toEqual([key.id]);
    expect(await auditOf(actor.companyId, "member.removed")).toHaveLength(1);
    const login = await auth.login(context(), { email: member.email, password: PASSWORD });
    expect(login).toMatchObject(DENIED);
  });

  it("a lowered role is in force for sessions and keys, whose account pauses them and resumes them later", async () => {
    const { actor } = await registerCompany();
    const member = await join(actor, { role: "developer" });
    const key = valueOf(await auth.createApiKey(context(), member.actor, { name: "k" }));
    const lowered = valueOf(await auth.updateMember(context(), actor, member.id, { role: "viewer" }, '"1"'));
    expect(lowered).toMatchObject({
      view: { role: "viewer", revision: 2 },
      keys: { revoked: [], paused: [key.id], resumed: [] },
    });
    const session = (await principal(member.session.access_token)).actor;
    expect(session.permissions).not.toContain("inference:create");
    expect((await principal(key.key)).actor.permissions).not.toContain("inference:create");
    const raised = valueOf(await auth.updateMember(context(), actor, member.id, { role: "admin" }, '"2"'));
    expect(raised.keys).toMatchObject({ paused: [], resumed: [key.id] });
    const rows = await auditOf(actor.companyId, "member.role_changed");
    expect(rows.map(({ before, after }) => [before, after])).toEqual([
      ['{"role":"developer"}', '{"role":"viewer"}'],
      ['{"role":"viewer"}', '{"role":"admin"}'],
    ]);
  });

  it("a role of the company's own that is changed is in force for all who have it", async () => {
    const { actor } = await registerCompany();
    const permissions = ["inference:create", "api_keys:manage"] as const;
    const role = valueOf(await auth.createRole(context(), actor, { name: "Caller", permissions }));
    const member = await join(actor, { role_id: role.id });
    expect(member.session.company.role).toBe("Caller");
    const key = valueOf(await auth.createApiKey(context(), member.actor, { name: "k" }));
    const changed = valueOf(await auth.updateRole(context(), actor, role.id, { permissions: ["usage:read"] }, '"1"'));
    expect(changed).toMatchObject({ view: { revision: 2 }, keys: { paused: [key.id] } });
    expect((await principal(member.session.access_token)).actor.permissions).toEqual(["usage:read"]);
    expect((await principal(key.key)).actor.permissions).toEqual([]);
    expect(await auth.deleteRole(context(), actor, role.id)).toMatchObject(CONFLICT);
    valueOf(await auth.updateMember(context(), actor, member.id, { role: "viewer" }, null));
    expect(await auth.deleteRole(context(), actor, role.id)).toEqual({ ok: true });
    expect(await auth.getRole(context(), actor, role.id)).toMatchObject(NOT_FOUND);
    expect(await actionsOf(actor.companyId)).toEqual(
      expect.arrayContaining(["role.created", "role.updated", "role.deleted"]),
    );
  });

  it("somebody who leaves one company stays in the other", async () => {
    const [ours, theirs] = [await registerCompany(), await registerCompany()];
    const member = await join(ours.actor, { role: "viewer" }, theirs.email);
    valueOf(await auth.removeMember(context(), member.actor, member.id));
    expect(await auth.authenticate(context(), member.session.access_token)).toMatchObject(BAD_TOKEN);
    expect(await auth.authenticate(context(), theirs.session.access_token)).toMatchObject({ ok: true });
    expect((await logIn(theirs.email)).company.id).toBe(theirs.actor.companyId);
  });
});

describe("the last owner", () => {
  it("cannot leave, be removed or be lowered, also by two requests at once", async () => {
    const { actor } = await registerCompany();
    const self = actor.memberId ?? "";
    expect(await auth.removeMember(context(), actor, self)).toMatchObject(CONFLICT);
    expect(await auth.updateMember(context(), actor, self, { role: "admin" }, null)).toMatchObject(CONFLICT);
    const second = await join(actor, { role: "owner" });
    const answers = await Promise.all([
      auth.removeMember(context(), actor, self),
      auth.removeMember(context(), second.actor, second.id),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const owners = "SELECT member_id FROM memberships WHERE company_id = ? AND role = 'owner'";
    expect(await rowsOf(owners, actor.companyId)).toHaveLength(1);
  });
});

describe("If-Match", () => {
  it("refuses a change to what has changed since, of members and of roles", async () => {
    const { actor } = await registerCompany();
    const member = await join(actor, { role: "viewer" });
    const role = valueOf(await auth.createRole(context(), actor, { name: "r", permissions: [] }));
    const stale = { ok: false, error: { code: "precondition_failed" } };
    expect(await auth.updateMember(context(), actor, member.id, { role: "admin" }, '"7"')).toMatchObject(stale);
    expect(await auth.updateRole(context(), actor, role.id, { name: "s" }, '"7"')).toMatchObject(stale);
    expect(await auth.updateRole(context(), actor, role.id, { name: "s" }, '"1"')).toMatchObject({ ok: true });
  });
});

describe("case 38: members, roles and invitations of another company", () => {
  it("answer as missing ones, and nothing happens to them", async () => {
    const [ours, theirs] = [await registerCompany(), await registerCompany()];
    const member = await join(theirs.actor, { role: "viewer" });
    const role = valueOf(await auth.createRole(context(), theirs.actor, { name: "r", permissions: [] }));
    const { invitation } = await invite(theirs.actor, { role: "viewer" });
    const calls = (memberId: string, roleId: string, invitationId: string) => [
      auth.getMember(context(), ours.actor, memberId),
      auth.updateMember(context(), ours.actor, memberId, { role: "admin" }, null),
      auth.removeMember(context(), ours.actor, memberId),
      auth.getRole(context(), ours.actor, roleId),
      auth.updateRole(context(), ours.actor, roleId, { name: "s" }, null),
      auth.deleteRole(context(), ours.actor, roleId),
      auth.getInvitation(context(), ours.actor, invitationId),
      auth.revokeInvitation(context(), ours.actor, invitationId),
      auth.createInvitation(context(), ours.actor, { email: newEmail(), role_id: roleId }),
    ];
    const foreign = await Promise.all(calls(member.id, role.id, invitation.id));
    expect(foreign).toEqual(await Promise.all(calls(NOBODY, NOBODY, NOBODY)));
    expect(foreign.slice(0, 8).every((answer) => !answer.ok && answer.error.code === "not_found")).toBe(true);
    expect(valueOf(await auth.getMember(context(), theirs.actor, member.id)).role).toBe("viewer");
    expect(valueOf(await auth.getInvitation(context(), theirs.actor, invitation.id)).status).toBe("pending");
  });
});

describe("hostile input", () => {
  const evil = [
    "'; DROP TABLE roles; --",
    "x".repeat(100_000),
    "аdmin",
    "a\r\nx: y",
    "\u202Eroot",
    " owner ",
    "custom",
    "",
  ];
  it.each(evil.map((text) => [text.slice(0, 30), text]))("as a role's name is refused: %j", async (_, name) => {
    const { actor } = await registerCompany();
    const answer = await auth.createRole(context(), actor, { name, permissions: [] });
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param: "name" } });
    expect(await rowsOf("SELECT 1 FROM roles WHERE company_id = ?", actor.companyId)).toEqual([]);
  });

  it.each([
    ["email", { email: "vіctim@example.com", role: "viewer" }],
    ["email", { email: "a@example.com\r\nbcc: b@example.com", role: "viewer" }],
    ["email", { email: `${"x".repeat(100_000)}@example.com`, role: "viewer" }],
    ["email", { email: ["a@example.com"], role: "viewer" }],
    ["role", { email: "a@example.com", role: "Owner" }],
    ["role", { email: "a@example.com" }],
    ["role", { email: "a@example.com", role: "viewer", role_id: NOBODY }],
    ["role_id", { email: "a@example.com", role_id: "' OR 1=1 --" }],
    ["company_id", { email: "a@example.com", role: "viewer", company_id: NOBODY }],
    ["permissions", { email: "a@example.com", role: "viewer", permissions: ["company:close"] }],
    ["__proto__", JSON.parse('{"email":"a@example.com","role":"viewer","__proto__":{"x":1}}') as unknown],
  ])("case 39: an invitation names the wrong field: %s %j", async (param, input) => {
    const { actor } = await registerCompany();
    const answer = await auth.createInvitation(context(), actor, input);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(await rowsOf("SELECT 1 FROM invitations WHERE company_id = ?", actor.companyId)).toEqual([]);
  });

  it.each(["x", "' OR 1=1 --", "x".repeat(129), "0".repeat(32), 5])(
    "as an invitation's secret is refused: %j",
    async (token) => {
      const answer = await auth.acceptInvitation(context(), { token, password: PASSWORD });
      expect(answer).toMatchObject(BAD_LINK);
    },
  );
});

describe("lists", () => {
  it("page members, roles and invitations without gaps, and refuse bad limits and cursors", async () => {
    const { actor } = await registerCompany();
    for (const name of ["a", "b", "c"]) valueOf(await auth.createRole(context(), actor, { name, permissions: [] }));
    for (const _ of [1, 2, 3]) await invite(actor, { role: "viewer" });
    const seen = async (list: (query: object) => Answer<Page<{ readonly id: string }>>) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = valueOf(await list({ limit: "2", ...(cursor === undefined ? {} : { cursor }) }));
        ids.push(...page.data.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return ids;
    };
    const roles = await seen((query) => auth.listRoles(context(), actor, query));
    expect(roles.slice(0, 5)).toEqual(["owner", "admin", "developer", "billing", "viewer"]);
    expect(new Set(roles).size).toBe(8);
    const invitations = await seen((query) => auth.listInvitations(context(), actor, query));
    expect(invitations).toEqual([...new Set(invitations)].toSorted().toReversed());
    expect(invitations).toHaveLength(3);
    expect(valueOf(await auth.listMembers(context(), actor, { limit: "1" }))).toMatchObject({ nextCursor: null });
    for (const query of [{ limit: "0" }, { limit: "1000000000" }, { cursor: "%%%" }]) {
      const refused = { error: { code: "invalid_request" } };
      expect(await auth.listMembers(context(), actor, query)).toMatchObject(refused);
      expect(await auth.listRoles(context(), actor, query)).toMatchObject(refused);
      expect(await auth.listInvitations(context(), actor, query)).toMatchObject(refused);
    }
  });
});
