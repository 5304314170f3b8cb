import type { JsonObject } from "@aggregator/contracts/json";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { members } from "./members.ts";

/** Links in mail and logins under way (elsewhere, or at their second step): SHA-256, good once, deleted by their use. */
export const oneTimeTokens = sqliteTable(
  "one_time_tokens",
  {
    tokenHash: text("token_hash").primaryKey(),
    kind: text("kind", { enum: ["email_verification", "password_reset", "oidc_login", "mfa_challenge"] }).notNull(),
    memberId: text("member_id").references(() => members.id),
    /** What the link is about: the address that it proves, or the login that goes on. No secret. */
    data: text("data", { mode: "json" }).$type<JsonObject>().notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    index("one_time_tokens_member").on(table.memberId, table.kind),
    index("one_time_tokens_expiry").on(table.expiresAtMs),
  ],
);
