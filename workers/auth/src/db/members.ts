import { and, asc, eq, gt, isNull, ne, or, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";
import { secondFactors } from "./schema/second-factors.ts";

export type NewMemberRow = typeof members.$inferInsert;
export type MembershipRow = typeof memberships.$inferSelect;

/** A member by e-mail (lower case). */
export function findMemberByEmail(db: Database, email: string) {
  return db.select().from(members).where(eq(members.email, email)).get();
}

/** A member by id, without the password's hash. */
export function findMember(db: Database, id: string) {
  return db.select({ id: members.id, email: members.email }).from(members).where(eq(members.id, id)).get();
}

/** The companies of a member, the one it joined first at the start. */
export function listCompaniesOf(db: Database, memberId: string) {
  return db
    .select({
      company: companies,
      role: memberships.role,
      customName: roles.name,
    })
    .from(memberships)
    .innerJoin(companies, eq(companies.id, memberships.companyId))
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .where(eq(memberships.memberId, memberId))
    .orderBy(asc(memberships.createdAtMs), asc(memberships.companyId))
    .limit(100)
    .all();
}

/** A member in a company, with its role. */
export function findMembership(db: Database, companyId: string, memberId: string) {
  return db
    .select({
      member: { id: members.id, email: members.email },
      role: memberships.role,
      customName: roles.name,
    })
    .from(memberships)
    .innerJoin(members, eq(members.id, memberships.memberId))
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .where(and(eq(memberships.companyId, companyId), eq(memberships.memberId, memberId)))
    .get();
}

/** Statement: a new member. `is_platform_admin` is not among what can be set. */
export function insertMember(db: Database, row: Omit<NewMemberRow, "isPlatformAdmin">) {
  return db.insert(members).values({ ...row, isPlatformAdmin: false });
}

/** Statement: a member joins a company. */
export function insertMembership(db: Database, row: typeof memberships.$inferInsert) {
  return db.insert(memberships).values(row);
}

const memberColumns = {
  companyId: memberships.companyId,
  memberId: memberships.memberId,
  role: memberships.role,
  customRoleId: memberships.customRoleId,
  revision: memberships.revision,
  joinedAtMs: memberships.createdAtMs,
  email: members.email,
  isActive: members.isActive,
  emailVerifiedAtMs: members.emailVerifiedAtMs,
  customName: roles.name,
  customPermissions: roles.permissions,
  secondFactorSinceMs: secondFactors.confirmedAtMs,
} as const;

function joinedMembers(db: Database) {
  return db
    .select(memberColumns)
    .from(memberships)
    .innerJoin(members, eq(members.id, memberships.memberId))
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .leftJoin(secondFactors, eq(secondFactors.memberId, memberships.memberId))
    .$dynamic();
}

/** A member of a company with its role; another company's is as absent as none. */
export function findJoinedMember(db: Database, companyId: string, memberId: string) {
  return joinedMembers(db)
    .where(and(eq(memberships.companyId, companyId), eq(memberships.memberId, memberId)))
    .get();
}
export type JoinedMember = NonNullable<Awaited<ReturnType<typeof findJoinedMember>>>;

/** A company's members in the order of their ids, from above `afterId` on. */
export function selectMembers(db: Database, companyId: string, afterId: string | null, limit: number) {
  return joinedMembers(db)
    .where(and(eq(memberships.companyId, companyId), afterId === null ? undefined : gt(memberships.memberId, afterId)))
    .orderBy(asc(memberships.memberId))
    .limit(limit)
    .all();
}

/** Holds unless the membership is the company's only owner's. */
function notLastOwner(companyId: string) {
  return or(
    ne(memberships.role, "owner"),
    sql`(select count(*) from memberships where company_id = ${companyId} and role = 'owner') > 1`,
  );
}

/** Statement: another role, where nobody changed the membership since it was read and an owner is left; answers its id. */
export function changeRole(
  db: Database,
  { companyId, memberId, revision }: Pick<JoinedMember, "companyId" | "memberId" | "revision">,
  next: Pick<MembershipRow, "role" | "customRoleId" | "updatedAtMs">,
) {
  return db
    .update(memberships)
    .set({ ...next, revision: revision + 1 })
    .where(
      and(
        eq(memberships.companyId, companyId),
        eq(memberships.memberId, memberId),
        eq(memberships.revision, revision),
        next.role === "owner" ? undefined : notLastOwner(companyId),
      ),
    )
    .returning({ memberId: memberships.memberId });
}

/** Statement: a member leaves a company in which an owner is left; answers its id. */
export function deleteMembership(db: Database, companyId: string, memberId: string) {
  return db
    .delete(memberships)
    .where(and(eq(memberships.companyId, companyId), eq(memberships.memberId, memberId), notLastOwner(companyId)))
    .returning({ memberId: memberships.memberId });
}

/** For statements that follow `deleteMembership` in its batch: the member is in the company no more. */
export function hasLeft(companyId: string, memberId: string) {
  return sql`not exists (select 1 from memberships where company_id = ${companyId} and member_id = ${memberId})`;
}

/** Statement: a member has proved its address, unless it had before. */
export function verifyAddress(db: Database, memberId: string, nowMs: number) {
  return db
    .update(members)
    .set({ emailVerifiedAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(eq(members.id, memberId), isNull(members.emailVerifiedAtMs)));
}
