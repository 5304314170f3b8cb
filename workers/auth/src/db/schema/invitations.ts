import { BUILT_IN_ROLES } from "@aggregator/contracts/permissions";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { companies } from "./companies.ts";
import { members } from "./members.ts";
import { roles } from "./roles.ts";

/** An offer to join a company, made to one address. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id")
      .notNull()
      .references(() => companies.id),
    email: text("email").notNull(),
    role: text("role", { enum: [...BUILT_IN_ROLES, "custom"] }).notNull(),
    customRoleId: text("custom_role_id").references(() => roles.id),
    /** SHA-256 of the secret in the link. */
    tokenHash: text("token_hash").notNull().unique(),
    invitedByMemberId: text("invited_by_member_id").references(() => members.id),
    status: text("status", { enum: ["pending", "accepted", "revoked"] }).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
    endedAtMs: integer("ended_at_ms"),
  },
  (table) => [
    index("invitations_company").on(table.companyId, table.id),
    index("invitations_role").on(table.customRoleId),
  ],
);
