import type { Change } from "@aggregator/contracts/audit";
import type { JsonObject } from "@aggregator/contracts/json";
import { eq, lt, type SQL, sql } from "drizzle-orm";
import type { Database, Statement } from "./client.ts";
import { auditLog } from "./schema/audit-log.ts";
import { pendingChanges } from "./schema/pending-changes.ts";

export async function insertPendingChange(db: Database, row: typeof pendingChanges.$inferInsert): Promise<void> {
  await db.insert(pendingChanges).values(row);
}

/** Statement: forgets a change that was not made. */
export function deletePendingChange(db: Database, id: string) {
  return db.delete(pendingChanges).where(eq(pendingChanges.id, id));
}

/** Statements: enter a change in the log, once, and forget that it was pending. */
export function enterChange(db: Database, id: string, change: Change): [Statement, Statement] {
  const { companyId = null, targetId = null, before, after } = change;
  const row = sql`select id, coalesce(${companyId}, company_id), at_ms, actor_kind, member_id, key_id, ip, request_id,
    action, coalesce(${targetId}, target_id), ${jsonOf(before)}, ${jsonOf(after)}`;
  return [enter(db, row, sql`id = ${id}`), deletePendingChange(db, id)];
}

/** Statements: enter every change whose outcome nobody told since `beforeMs`, saying so. */
export function enterLostChanges(db: Database, beforeMs: number): [Statement, Statement] {
  const row = sql`select id, company_id, at_ms, actor_kind, member_id, key_id, ip, request_id,
    action, target_id, null, ${jsonOf({ outcome: "unknown" })}`;
  return [enter(db, row, sql`at_ms < ${beforeMs}`), db.delete(pendingChanges).where(lt(pendingChanges.atMs, beforeMs))];
}

/** `row` in the order of the log's columns, which is how the insert names them. */
function enter(db: Database, row: SQL, where: SQL): Statement {
  return db.insert(auditLog).select(sql`${row} from ${pendingChanges} where ${where}`);
}

function jsonOf(value: JsonObject | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
