import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";
import { members, memberships } from "./schema/members.ts";

/** A member's address and since when it is proved. */
export function findAddress(db: Database, memberId: string) {
  return db
    .select({ id: members.id, email: members.email, verifiedAtMs: members.emailVerifiedAtMs })
    .from(members)
    .where(eq(members.id, memberId))
    .get();
}

/** Statement: a member has proved its address; right after `takeOneTimeToken` and only if that took one. */
export function verifyAddressIfChanged(db: Database, memberId: string, nowMs: number) {
  return db
    .update(members)
    .set({ emailVerifiedAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(eq(members.id, memberId), isNull(members.emailVerifiedAtMs), sql`changes() > 0`));
}

/** Statement: companies of a member whose address is the one that it has proved are verified. Whatever else they are stays. */
export function verifyCompaniesOf(db: Database, memberId: string, nowMs: number) {
  const proved = db
    .select({ email: members.email })
    .from(members)
    .where(and(eq(members.id, memberId), isNotNull(members.emailVerifiedAtMs)));
  const joined = db.select({ id: memberships.companyId }).from(memberships).where(eq(memberships.memberId, memberId));
  return db
    .update(companies)
    .set({ isVerified: true, revision: sql`${companies.revision} + 1`, updatedAtMs: nowMs })
    .where(and(eq(companies.isVerified, false), inArray(companies.email, proved), inArray(companies.id, joined)));
}
