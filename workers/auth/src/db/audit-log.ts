import { and, desc, eq, gte, lt, or } from "drizzle-orm";
import type { AuditFilter } from "../domain/audit-entry.ts";
import type { Database } from "./client.ts";
import { auditLog } from "./schema/audit-log.ts";

export type AuditRow = typeof auditLog.$inferSelect;

/** A company's entries that match, newest first, from below `beforeId` on. */
export function selectAuditLog(
  db: Database,
  companyId: string,
  { from, to, action, actor, target_id: targetId }: AuditFilter,
  beforeId: string | null,
  limit: number,
) {
  return db
    .select()
    .from(auditLog)
    .where(
      and(
        eq(auditLog.companyId, companyId),
        beforeId === null ? undefined : lt(auditLog.id, beforeId),
        from === undefined ? undefined : gte(auditLog.atMs, from),
        to === undefined ? undefined : lt(auditLog.atMs, to),
        action === undefined ? undefined : actionIs(action),
        actor === undefined ? undefined : or(eq(auditLog.memberId, actor), eq(auditLog.keyId, actor)),
        targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit)
    .all();
}

/** An action, or all of a resource: a range and not LIKE, so that nothing is a wildcard. `/` follows `.` in ASCII. */
function actionIs(action: string) {
  if (action.includes(".")) return eq(auditLog.action, action);
  return and(gte(auditLog.action, `${action}.`), lt(auditLog.action, `${action}/`));
}

/** Statement: forgets a company's log, which the database allows once the company is erased. */
export function deleteAuditLog(db: Database, companyId: string) {
  return db.delete(auditLog).where(eq(auditLog.companyId, companyId));
}
