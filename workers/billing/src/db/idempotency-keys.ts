import { and, eq, isNull, lte } from "drizzle-orm";
import type { Database } from "./client.ts";
import { idempotencyKeys } from "./schema/idempotency.ts";

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect;
type Name = Pick<IdempotencyRow, "companyId" | "route" | "key">;

/**
 * Takes a key: a new one, an expired one, or one whose first user died (same body, lock run out), whose
 * work id is then kept. undefined: somebody else has it or has answered. One statement, so one winner.
 */
export async function claimKey(
  db: Database,
  claim: Omit<IdempotencyRow, "answer">,
  nowMs: number,
): Promise<IdempotencyRow | undefined> {
  const expired = lte(idempotencyKeys.expiresAtMs, nowMs);
  const abandoned = and(
    isNull(idempotencyKeys.answer),
    lte(idempotencyKeys.lockedUntilMs, nowMs),
    eq(idempotencyKeys.bodyHash, claim.bodyHash),
  );
  await db.delete(idempotencyKeys).where(and(named(claim), expired));
  const rows = await db
    .insert(idempotencyKeys)
    .values({ ...claim, answer: null })
    .onConflictDoUpdate({
      target: [idempotencyKeys.companyId, idempotencyKeys.route, idempotencyKeys.key],
      set: { lockedUntilMs: claim.lockedUntilMs, requestId: claim.requestId },
      ...(abandoned === undefined ? {} : { setWhere: abandoned }),
    })
    .returning();
  return rows[0];
}

export async function findKey(db: Database, name: Name): Promise<IdempotencyRow | undefined> {
  return db.select().from(idempotencyKeys).where(named(name)).get();
}

export async function storeAnswer(db: Database, name: Name, answer: string): Promise<void> {
  await db.update(idempotencyKeys).set({ answer }).where(named(name));
}

/** Lets a repeat try again at once, under the same work id. */
export async function unlockKey(db: Database, name: Name): Promise<void> {
  await db.update(idempotencyKeys).set({ lockedUntilMs: 0 }).where(named(name));
}

/** Deletes keys past their 24 hours, a bounded number at a time. */
export async function deleteExpiredKeys(db: Database, nowMs: number, limit: number): Promise<void> {
  const old = await db
    .select({ companyId: idempotencyKeys.companyId, route: idempotencyKeys.route, key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAtMs, nowMs))
    .limit(limit);
  for (const name of old)
    await db.delete(idempotencyKeys).where(and(named(name), lte(idempotencyKeys.expiresAtMs, nowMs)));
}

function named(name: Name) {
  return and(
    eq(idempotencyKeys.companyId, name.companyId),
    eq(idempotencyKeys.route, name.route),
    eq(idempotencyKeys.key, name.key),
  );
}
