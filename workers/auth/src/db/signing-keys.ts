import { and, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { signingKeys } from "./schema/signing-keys.ts";

export type SigningKeyRow = typeof signingKeys.$inferSelect;

/** Keys that sign, will sign or still verify. */
export function selectSigningKeys(db: Database, nowMs: number): Promise<SigningKeyRow[]> {
  return db
    .select()
    .from(signingKeys)
    .where(or(isNull(signingKeys.retiresAtMs), gt(signingKeys.retiresAtMs, nowMs)))
    .all();
}

/** Stores the first key; does nothing when another is active. */
export async function insertFirstSigningKey(db: Database, row: SigningKeyRow): Promise<void> {
  await db.insert(signingKeys).values(row).onConflictDoNothing();
}

/** Stores a key that does not sign yet; false when one waits already. */
export async function insertWaitingKey(db: Database, row: SigningKeyRow): Promise<boolean> {
  // In the order of the table's columns, which is how the insert names them.
  const inserted = await db.insert(signingKeys)
    .select(sql`select ${row.kid}, ${row.publicX}, ${row.sealedPrivateJwk}, 0, ${row.createdAtMs}, null
    where not exists (select 1 from signing_keys where is_active = 0 and retires_at_ms is null)`);
  return inserted.meta.changes > 0;
}

/** Lets the next key sign in place of the active one, in one transaction; false when somebody else did. */
export async function activateKey(db: Database, active: string, next: string, retiresAtMs: number): Promise<boolean> {
  const [retired] = await db.batch([
    db
      .update(signingKeys)
      .set({ isActive: false, retiresAtMs })
      .where(and(eq(signingKeys.kid, active), eq(signingKeys.isActive, true)))
      .returning({ kid: signingKeys.kid }),
    db
      .update(signingKeys)
      .set({ isActive: true })
      .where(and(eq(signingKeys.kid, next), sql`changes() > 0`)),
  ]);
  return retired.length === 1;
}

/** Forgets keys that verify nothing any more. */
export async function deleteRetiredKeys(db: Database, nowMs: number): Promise<void> {
  await db.delete(signingKeys).where(lte(signingKeys.retiresAtMs, nowMs));
}
