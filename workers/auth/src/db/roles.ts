import { and, asc, count, eq, gt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { invitations } from "./schema/invitations.ts";
import { roles } from "./schema/roles.ts";

export type RoleRow = typeof roles.$inferSelect;

/** A company's own role; another company's is as absent as none. */
export function findRole(db: Database, companyId: string, id: string) {
  return db
    .select()
    .from(roles)
    .where(and(eq(roles.companyId, companyId), eq(roles.id, id)))
    .get();
}

/** A company's own roles in the order of their ids, from above `afterId` on. */
export function selectRoles(db: Database, companyId: string, afterId: string | null, limit: number) {
  return db
    .select()
    .from(roles)
    .where(and(eq(roles.companyId, companyId), afterId === null ? undefined : gt(roles.id, afterId)))
    .orderBy(asc(roles.id))
    .limit(limit)
    .all();
}

export async function countRoles(db: Database, companyId: string): Promise<number> {
  const row = await db.select({ count: count() }).from(roles).where(eq(roles.companyId, companyId)).get();
  return row?.count ?? 0;
}

/** Statement: a new role. */
export function insertRole(db: Database, row: RoleRow) {
  return db.insert(roles).values(row);
}

/** Statement: changes a role that nobody changed since it was read; answers the row as it is then. */
export function changeRoleRow(db: Database, { companyId, id, revision }: RoleRow, next: Partial<RoleRow>) {
  return db
    .update(roles)
    .set(next)
    .where(and(eq(roles.companyId, companyId), eq(roles.id, id), eq(roles.revision, revision)))
    .returning();
}

/** Statement: invitations that have ended forget the role that they offered, unless it is still in use. */
export function forgetEndedInvitations(db: Database, id: string, nowMs: number) {
  return db
    .update(invitations)
    .set({ customRoleId: null })
    .where(and(eq(invitations.customRoleId, id), unused(id, nowMs)));
}

/** Statement: removes a role that nobody has and nobody is invited to; answers its id. */
export function deleteRoleRow(db: Database, companyId: string, id: string, nowMs: number) {
  return db
    .delete(roles)
    .where(and(eq(roles.companyId, companyId), eq(roles.id, id), unused(id, nowMs)))
    .returning({ id: roles.id });
}

function unused(id: string, nowMs: number) {
  return sql`not exists (select 1 from memberships where custom_role_id = ${id}) and not exists
    (select 1 from invitations where custom_role_id = ${id} and status = 'pending' and expires_at_ms > ${nowMs})`;
}
