import { sql } from "drizzle-orm";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Ed25519 keys that access tokens are signed with. One is active; the one after it and those before it verify only. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    kid: text("kid").primaryKey(),
    /** The `x` of the public JWK (RFC 8037). */
    publicX: text("public_x").notNull(),
    /** Private JWK, sealed with MASTER_KEY and bound to this row. */
    sealedPrivateJwk: text("sealed_private_jwk").notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** From then on it verifies nothing; null until another took its place. */
    retiresAtMs: integer("retires_at_ms"),
  },
  (table) => [
    uniqueIndex("signing_keys_active")
      .on(table.isActive)
      .where(sql`${table.isActive} = 1`),
  ],
);
