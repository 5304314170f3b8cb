import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { members } from "./members.ts";

/** A member's authenticator (TOTP, RFC 6238). */
export const secondFactors = sqliteTable("second_factors", {
  memberId: text("member_id")
    .primaryKey()
    .references(() => members.id),
  /** Base32 secret, sealed with MASTER_KEY and bound to this row. */
  sealedSecret: text("sealed_secret").notNull(),
  /** Null until the first code proved it. */
  confirmedAtMs: integer("confirmed_at_ms"),
  /** Time step of the last accepted code: each code is good once. */
  lastStep: integer("last_step").notNull().default(0),
  createdAtMs: integer("created_at_ms").notNull(),
});

/** Codes for a lost authenticator: SHA-256, deleted by their use. */
export const recoveryCodes = sqliteTable(
  "recovery_codes",
  {
    memberId: text("member_id")
      .notNull()
      .references(() => members.id),
    codeHash: text("code_hash").notNull(),
  },
  (table) => [primaryKey({ columns: [table.memberId, table.codeHash] })],
);
