import type { AuditEntryView } from "@aggregator/contracts/companies";
import { PageQuery } from "@aggregator/contracts/page";
import { z } from "zod";
import type { AuditRow } from "../db/audit-log.ts";
import { Instant } from "./fields.ts";

const Id = z.string().min(1).max(64);

/** What a list of the audit log can be narrowed by. */
const filter = {
  /** Inclusive. */
  from: Instant.optional(),
  /** Exclusive. */
  to: Instant.optional(),
  action: z
    .string()
    .regex(
      /^[a-z_]{1,40}(\.[a-z_]{1,40})?$/,
      "must be an action such as api_key.created, or a resource such as api_key",
    )
    .optional(),
  /** A member or a key. */
  actor: Id.optional(),
  target_id: Id.optional(),
};

export const AuditQuery = PageQuery.extend(filter);
export const AuditExportQuery = PageQuery.pick({ cursor: true }).extend(filter);
export type AuditFilter = Omit<z.infer<typeof AuditQuery>, "limit" | "cursor">;

/** An entry as the company sees it: of an operator only that it was one. */
export function auditEntryView(row: AuditRow): AuditEntryView {
  const isOperator = row.actorKind === "operator";
  return {
    id: row.id,
    at: new Date(row.atMs).toISOString(),
    action: row.action,
    target_id: row.targetId,
    actor: {
      kind: row.actorKind,
      member_id: isOperator ? null : row.memberId,
      key_id: row.keyId,
      ip: isOperator ? null : row.ip,
    },
    request_id: row.requestId,
    before: row.before,
    after: row.after,
  };
}
