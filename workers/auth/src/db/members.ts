import { and, asc, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";

export type MemberRow = typeof members.$inferSelect;
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
