import type { Actor } from "@aggregator/contracts/actor";
import type { JsonObject } from "@aggregator/contracts/json";
import { type SQL, sql } from "drizzle-orm";
import type { Call } from "../call.ts";
import type { Statement } from "./client.ts";
import { auditLog } from "./schema/audit-log.ts";

/** Who did it: an actor of the API, or somebody who has no session yet. */
export type AuditActor = Pick<Actor, "companyId" | "memberId" | "keyId"> & { readonly kind: AuditActorKind };
export type AuditActorKind = (typeof auditLog.$inferInsert)["actorKind"];

export interface AuditEntry {
  readonly actor: AuditActor;
  readonly action: string;
  readonly targetId: string;
  /** Fields that changed, without secrets. */
  readonly before?: JsonObject | null;
  readonly after?: JsonObject | null;
  /** Another company's log, for an operator's work. */
  readonly companyId?: string;
}

/**
 * The log's row of a change, to put in the change's batch right after the statement that makes it:
 * it is written only if that statement changed a row, so the log never tells of what did not happen.
 */
export function auditIfChanged(call: Call, entry: AuditEntry): Statement {
  return call.db.insert(auditLog).select(auditRow(call, entry, sql`where changes() > 0`));
}

/** The log's row of something that changes no other row. */
export async function audit(call: Call, entry: AuditEntry): Promise<void> {
  await call.db.insert(auditLog).select(auditRow(call, entry, sql``));
}

function auditRow(call: Call, entry: AuditEntry, where: SQL): SQL {
  const { actor } = entry;
  // In the order of the table's columns, which is how the insert names them.
  return sql`select ${call.newId()}, ${entry.companyId ?? actor.companyId}, ${call.nowMs}, ${actor.kind},
    ${actor.memberId}, ${actor.keyId}, ${call.context.clientIp ?? null}, ${call.context.requestId},
    ${entry.action}, ${entry.targetId}, ${jsonOf(entry.before)}, ${jsonOf(entry.after)}
    ${where}`;
}

function jsonOf(value: JsonObject | null | undefined): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
