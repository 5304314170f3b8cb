import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { companies } from "./companies.ts";
import { members } from "./members.ts";

/**
 * One sign-in of a member to a company: a family of refresh tokens, of which one is good at a time.
 * A refresh token is two random parts: the first names the family and stays, the second rotates. So a
 * token of the family with an old second part proves a reuse, and no table grows with each refresh.
 */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    memberId: text("member_id")
      .notNull()
      .references(() => members.id),
    companyId: text("company_id")
      .notNull()
      .references(() => companies.id),
    /** SHA-256 of the part that stays. */
    familyHash: text("family_hash").notNull().unique(),
    /** SHA-256 of the whole token that is good now. */
    refreshHash: text("refresh_hash").notNull(),
    /** How the member proved who it is. */
    method: text("method", { enum: ["password", "password_totp", "oidc", "oidc_totp"] }).notNull(),
    ip: text("ip"),
    createdAtMs: integer("created_at_ms").notNull(),
    refreshedAtMs: integer("refreshed_at_ms").notNull(),
    /** Ends when not refreshed until then. */
    idleEndsAtMs: integer("idle_ends_at_ms").notNull(),
    /** Ends then, however often refreshed. */
    endsAtMs: integer("ends_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
    endedReason: text("ended_reason", { enum: ["logout", "revoked", "reuse", "password", "removed", "expired"] }),
  },
  (table) => [index("sessions_member").on(table.memberId, table.id), index("sessions_end").on(table.endsAtMs)],
);
