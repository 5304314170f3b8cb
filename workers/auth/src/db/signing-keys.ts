import { eq, gt, or } from "drizzle-orm";
import type { Database } from "./client.ts";
import { signingKeys } from "./schema/signing-keys.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;

/** Keys that sign or still verify. */
export function selectSigningKeys(db: Database, nowMs: number): Promise<SigningKeyRow[]> {
  return db
    .select()
    .from(signingKeys)
    .where(or(eq(signingKeys.isActive, true), gt(signingKeys.retiresAtMs, nowMs)))
    .all();
}

/** Stores the first key; does nothing when another is active. */
export async function insertFirstSigningKey(db: Database, row: SigningKeyRow): Promise<void> {
  await db.insert(signingKeys).values(row).onConflictDoNothing();
}
