import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";

/** Memberships that changed since, in the order of `companyId/memberId`, from above `after` on. */
export function selectChangedMembers(db: Database, sinceMs: number, after: string | null, limit: number) {
  const position = sql`${memberships.companyId} || '/' || ${memberships.memberId}`;
  return db
    .select({
      companyId: memberships.companyId,
      memberId: memberships.memberId,
      email: members.email,
      role: memberships.role,
      customName: roles.name,
      isActive: members.isActive,
      changedAtMs: memberships.updatedAtMs,
    })
    .from(memberships)
    .innerJoin(members, eq(members.id, memberships.memberId))
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .where(and(gt(memberships.updatedAtMs, sinceMs), after === null ? undefined : gt(position, after)))
    .orderBy(asc(position))
    .limit(limit)
    .all();
}
