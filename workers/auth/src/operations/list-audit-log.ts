import type { Actor } from "@aggregator/contracts/actor";
import type { AuditEntryView } from "@aggregator/contracts/companies";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectAuditLog } from "../db/audit-log.ts";
import { AuditExportQuery, type AuditFilter, AuditQuery, auditEntryView } from "../domain/audit-entry.ts";
import { pageOf, positionOf } from "../domain/page.ts";

const EXPORT_PAGE = 1_000;

/** Who changed what in the company, newest first. Needs `audit_log:read`. `invalid_request` for a bad filter, limit or cursor. */
export async function listAuditLog(call: Call, actor: Actor, query: unknown): Answer<Page<AuditEntryView>> {
  const allowed = requirePermission(actor, "audit_log:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(AuditQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor, ...filter } = parsed.value;
  return read(call, actor, filter, cursor, limit);
}

/** As `listAuditLog`, in pages for a file. */
export async function exportAuditLog(call: Call, actor: Actor, query: unknown): Answer<Page<AuditEntryView>> {
  const allowed = requirePermission(actor, "audit_log:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(AuditExportQuery, query);
  if (!parsed.ok) return parsed;
  const { cursor, ...filter } = parsed.value;
  return read(call, actor, filter, cursor, EXPORT_PAGE);
}

async function read(
  call: Call,
  actor: Actor,
  filter: AuditFilter,
  cursor: string | undefined,
  limit: number,
): Answer<Page<AuditEntryView>> {
  const before = positionOf(cursor);
  if (!before.ok) return before;
  const rows = await selectAuditLog(call.db, actor.companyId, filter, before.value, limit + 1);
  return ok(pageOf(rows, limit, auditEntryView));
}
