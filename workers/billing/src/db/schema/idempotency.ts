import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The first answer to each `Idempotency-Key`, per company and route, for 24 h. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    companyId: text("company_id").notNull(),
    route: text("route").notNull(),
    key: text("key").notNull(),
    bodyHash: text("body_hash").notNull(),
    /** Id that the work makes its rows and its calls under, so that a second run after a crash repeats them. */
    workId: text("work_id").notNull(),
    /** JSON of the Result; null while the first is in flight. */
    answer: text("answer"),
    requestId: text("request_id").notNull(),
    /** Until then nobody else may run it. */
    lockedUntilMs: integer("locked_until_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.companyId, table.route, table.key] }),
    index("idempotency_keys_expiry").on(table.expiresAtMs),
  ],
);
