import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";
import { invitations } from "./schema/invitations.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";

export type InvitationRow = typeof invitations.$inferSelect;

const columns = {
  id: invitations.id,
  companyId: invitations.companyId,
  email: invitations.email,
  role: invitations.role,
  customRoleId: invitations.customRoleId,
  invitedByMemberId: invitations.invitedByMemberId,
  status: invitations.status,
  createdAtMs: invitations.createdAtMs,
  expiresAtMs: invitations.expiresAtMs,
  customName: roles.name,
  customPermissions: roles.permissions,
} as const;

function withRole(db: Database) {
  return db.select(columns).from(invitations).leftJoin(roles, eq(roles.id, invitations.customRoleId)).$dynamic();
}

/** An invitation of a company, without its token; another company's is as absent as none. */
export function findInvitation(db: Database, companyId: string, id: string) {
  return withRole(db)
    .where(and(eq(invitations.companyId, companyId), eq(invitations.id, id)))
    .get();
}
export type FoundInvitation = NonNullable<Awaited<ReturnType<typeof findInvitation>>>;

/** An address's invitation to a company that nobody has taken up or back. */
export function findPendingInvitationTo(db: Database, companyId: string, email: string) {
  return db
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.companyId, companyId), eq(invitations.email, email), eq(invitations.status, "pending")))
    .get();
}

/** An invitation by the SHA-256 of the secret in its link, with the company that it is to. */
export function findInvitationByToken(db: Database, tokenHash: string) {
  return db
    .select({ invitation: columns, company: companies })
    .from(invitations)
    .innerJoin(companies, eq(companies.id, invitations.companyId))
    .leftJoin(roles, eq(roles.id, invitations.customRoleId))
    .where(eq(invitations.tokenHash, tokenHash))
    .get();
}

/** A company's invitations, newest first, from below `beforeId` on. */
export function selectInvitations(db: Database, companyId: string, beforeId: string | null, limit: number) {
  return withRole(db)
    .where(and(eq(invitations.companyId, companyId), beforeId === null ? undefined : lt(invitations.id, beforeId)))
    .orderBy(desc(invitations.id))
    .limit(limit)
    .all();
}

/** Statement: a new invitation. */
export function insertInvitation(db: Database, row: InvitationRow) {
  return db.insert(invitations).values(row);
}

/** Statement: pending invitations of an address to a company end. */
export function revokeInvitationsTo(db: Database, companyId: string, email: string, nowMs: number) {
  return db
    .update(invitations)
    .set({ status: "revoked", endedAtMs: nowMs })
    .where(and(eq(invitations.companyId, companyId), eq(invitations.email, email), eq(invitations.status, "pending")));
}

/** Statement: a pending invitation ends. */
export function revokeInvitationRow(db: Database, companyId: string, id: string, nowMs: number) {
  return db
    .update(invitations)
    .set({ status: "revoked", endedAtMs: nowMs })
    .where(and(eq(invitations.companyId, companyId), eq(invitations.id, id), eq(invitations.status, "pending")));
}

/** Statement: all of a company's pending invitations end. */
export function revokeInvitationsOfCompany(db: Database, companyId: string, nowMs: number) {
  return db
    .update(invitations)
    .set({ status: "revoked", endedAtMs: nowMs })
    .where(and(eq(invitations.companyId, companyId), eq(invitations.status, "pending")));
}

/** Statement: a pending invitation is taken up. */
export function acceptInvitationRow(db: Database, id: string, nowMs: number) {
  return db
    .update(invitations)
    .set({ status: "accepted", endedAtMs: nowMs })
    .where(and(eq(invitations.id, id), eq(invitations.status, "pending"), sql`${invitations.expiresAtMs} > ${nowMs}`));
}

/**
 * Statement: the membership that an invitation offers, right after `acceptInvitationRow` in its batch and
 * only if that took it up; a second acceptance fails on the primary key.
 */
export function insertInvitedMembership(db: Database, id: string, memberId: string, nowMs: number) {
  // In the order of the table's columns, which is how the insert names them.
  return db.insert(memberships).select(sql`select company_id, ${memberId}, role, custom_role_id, 1, ${nowMs}, ${nowMs}
    from invitations where id = ${id} and changes() > 0`);
}

/** Statement: a member of the address that a pending invitation proves; none when it is pending no more. */
export function insertInvitedMember(
  db: Database,
  id: string,
  member: { readonly id: string; readonly passwordHash: string },
  nowMs: number,
) {
  // In the order of the table's columns, which is how the insert names them.
  return db.insert(members)
    .select(sql`select ${member.id}, email, ${member.passwordHash}, ${nowMs}, 1, 0, 1, ${nowMs}, ${nowMs}
    from invitations where id = ${id} and status = 'pending' and expires_at_ms > ${nowMs}`);
}
