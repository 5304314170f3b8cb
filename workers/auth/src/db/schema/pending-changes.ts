import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Changes that another Worker is making, until their outcome is known: rows of the audit log without it. */
export const pendingChanges = sqliteTable("pending_changes", {
  /** Will be the log's. */
  id: text("id").primaryKey(),
  companyId: text("company_id").notNull(),
  atMs: integer("at_ms").notNull(),
  actorKind: text("actor_kind", { enum: ["member", "api_key", "operator", "system"] }).notNull(),
  memberId: text("member_id"),
  keyId: text("key_id"),
  ip: text("ip"),
  requestId: text("request_id").notNull(),
  action: text("action").notNull(),
  targetId: text("target_id").notNull(),
});
