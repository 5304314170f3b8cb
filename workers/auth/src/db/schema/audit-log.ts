import type { JsonObject } from "@aggregator/contracts/json";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Every change of state, written in the batch that made it. Triggers (migration 0001) refuse to change or delete a row. */
export const auditLog = sqliteTable(
  "audit_log",
  {
    /** UUIDv7: the order of the log. */
    id: text("id").primaryKey(),
    companyId: text("company_id").notNull(),
    atMs: integer("at_ms").notNull(),
    actorKind: text("actor_kind", { enum: ["member", "api_key", "operator", "system"] }).notNull(),
    memberId: text("member_id"),
    keyId: text("key_id"),
    ip: text("ip"),
    requestId: text("request_id").notNull(),
    /** `resource.verb_in_past`, such as `api_key.created`. */
    action: text("action").notNull(),
    targetId: text("target_id").notNull(),
    /** Fields that changed, without secrets; null for what was made. */
    before: text("before", { mode: "json" }).$type<JsonObject>(),
    after: text("after", { mode: "json" }).$type<JsonObject>(),
  },
  (table) => [index("audit_log_company").on(table.companyId, table.id)],
);
