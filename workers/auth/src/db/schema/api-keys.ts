import type { Budget, RateLimits } from "@aggregator/contracts/actor";
import type { Permission } from "@aggregator/contracts/permissions";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { companies } from "./companies.ts";
import { members } from "./members.ts";

const names = (column: string) => text(column, { mode: "json" }).$type<readonly string[]>();

/** A credential for programs. The secret is not here: its SHA-256 is. Null in a list column means no restriction. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id")
      .notNull()
      .references(() => companies.id),
    /** Whose permissions bound the key's; null when the company keeps the key of somebody who left. */
    memberId: text("member_id").references(() => members.id),
    name: text("name").notNull(),
    keyHash: text("key_hash").notNull().unique(),
    /** The secret before the last rotation, good until `previousExpiresAtMs`. */
    previousKeyHash: text("previous_key_hash").unique(),
    previousExpiresAtMs: integer("previous_expires_at_ms"),
    /** First characters and last four of the secret. */
    hint: text("hint").notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    revokedAtMs: integer("revoked_at_ms"),
    scopes: text("scopes", { mode: "json" }).$type<readonly Permission[]>().notNull(),
    rateLimits: text("rate_limits", { mode: "json" }).$type<RateLimits>().notNull().default({}),
    budget: text("budget", { mode: "json" }).$type<Budget>(),
    allowedModels: names("allowed_models"),
    allowedProviders: names("allowed_providers"),
    allowedEndpoints: names("allowed_endpoints"),
    allowedIps: names("allowed_ips"),
    preferences: text("preferences", { mode: "json" }).$type<ProviderPreferences>(),
    cacheMaxAgeSeconds: integer("cache_max_age_seconds"),
    expiresAtMs: integer("expires_at_ms"),
    /** To the hour. */
    lastUsedAtMs: integer("last_used_at_ms"),
    revision: integer("revision").notNull().default(1),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("api_keys_company").on(table.companyId, table.id),
    index("api_keys_member").on(table.companyId, table.memberId),
  ],
);
