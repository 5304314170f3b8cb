import { BUILT_IN_ROLES } from "@aggregator/contracts/permissions";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { companies } from "./companies.ts";
import { roles } from "./roles.ts";

/** A person. Belongs to companies by `memberships`. */
export const members = sqliteTable("members", {
  id: text("id").primaryKey(),
  /** Lower case. */
  email: text("email").notNull().unique(),
  /** bcrypt; null for somebody who only signs in elsewhere. */
  passwordHash: text("password_hash"),
  emailVerifiedAtMs: integer("email_verified_at_ms"),
  isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
  /** Operator of the platform. Written by `pnpm admin:create` and by no code of this Worker. */
  isPlatformAdmin: integer("is_platform_admin", { mode: "boolean" }).notNull().default(false),
  revision: integer("revision").notNull().default(1),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

/** What a member is in one company. */
export const memberships = sqliteTable(
  "memberships",
  {
    companyId: text("company_id")
      .notNull()
      .references(() => companies.id),
    memberId: text("member_id")
      .notNull()
      .references(() => members.id),
    role: text("role", { enum: [...BUILT_IN_ROLES, "custom"] }).notNull(),
    /** With role `custom`. */
    customRoleId: text("custom_role_id").references(() => roles.id),
    revision: integer("revision").notNull().default(1),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.companyId, table.memberId] }),
    index("memberships_member").on(table.memberId),
    index("memberships_role").on(table.customRoleId),
  ],
);
