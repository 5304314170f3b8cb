import { and, count, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { recoveryCodes, secondFactors } from "./schema/second-factors.ts";

export type SecondFactorRow = typeof secondFactors.$inferSelect;

/** A member's second factor, confirmed or not. */
export function findSecondFactor(db: Database, memberId: string) {
  return db.select().from(secondFactors).where(eq(secondFactors.memberId, memberId)).get();
}

/** Statement: a second factor that nothing proved yet, in place of another such; a confirmed one stays. */
export function offerSecondFactor(
  db: Database,
  row: Pick<SecondFactorRow, "memberId" | "sealedSecret" | "createdAtMs">,
) {
  return db
    .insert(secondFactors)
    .values({ ...row, confirmedAtMs: null, lastStep: 0 })
    .onConflictDoUpdate({
      target: secondFactors.memberId,
      set: { sealedSecret: row.sealedSecret, createdAtMs: row.createdAtMs, lastStep: 0 },
      setWhere: isNull(secondFactors.confirmedAtMs),
    })
    .returning({ memberId: secondFactors.memberId });
}

/** Statement: the factor that was offered is proved by the code of a step; answers it when it was this call. */
export function confirmSecondFactor(
  db: Database,
  offered: Pick<SecondFactorRow, "memberId" | "sealedSecret">,
  step: number,
  nowMs: number,
) {
  return db
    .update(secondFactors)
    .set({ confirmedAtMs: nowMs, lastStep: step })
    .where(
      and(
        eq(secondFactors.memberId, offered.memberId),
        eq(secondFactors.sealedSecret, offered.sealedSecret),
        isNull(secondFactors.confirmedAtMs),
      ),
    )
    .returning({ memberId: secondFactors.memberId });
}

/** Uses up the code of a step; false when it, or a later one, was used before. */
export async function useStep(db: Database, memberId: string, step: number): Promise<boolean> {
  const used = await db
    .update(secondFactors)
    .set({ lastStep: step })
    .where(
      and(
        eq(secondFactors.memberId, memberId),
        isNotNull(secondFactors.confirmedAtMs),
        lt(secondFactors.lastStep, step),
      ),
    )
    .returning({ memberId: secondFactors.memberId });
  return used.length === 1;
}

/** Uses up a recovery code; false when there is no such one, or no more. */
export async function useRecoveryCode(db: Database, memberId: string, codeHash: string): Promise<boolean> {
  const used = await db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.memberId, memberId), eq(recoveryCodes.codeHash, codeHash)))
    .returning({ memberId: recoveryCodes.memberId });
  return used.length === 1;
}

export async function countRecoveryCodes(db: Database, memberId: string): Promise<number> {
  const row = await db.select({ left: count() }).from(recoveryCodes).where(eq(recoveryCodes.memberId, memberId)).get();
  return row?.left ?? 0;
}

/** Statement: a member's second factor is gone; answers it when there was one. */
export function deleteSecondFactor(db: Database, memberId: string) {
  return db
    .delete(secondFactors)
    .where(eq(secondFactors.memberId, memberId))
    .returning({ memberId: secondFactors.memberId });
}

/** Statement: a member's recovery codes are good no more. */
export function deleteRecoveryCodes(db: Database, memberId: string) {
  return db.delete(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
}

/** Statement: recovery codes by their hashes; right after a statement of its batch and only if that changed a row. */
export function insertRecoveryCodesIfChanged(db: Database, memberId: string, hashes: readonly string[]) {
  // In the order of the table's columns, which is how the insert names them.
  return db
    .insert(recoveryCodes)
    .select(sql`select ${memberId}, value from json_each(${JSON.stringify(hashes)}) where changes() > 0`);
}

/** Statement: as it is; for a batch that needs a changed row before `insertRecoveryCodesIfChanged`. */
export function touchSecondFactor(db: Database, memberId: string) {
  return db
    .update(secondFactors)
    .set({ lastStep: sql`${secondFactors.lastStep}` })
    .where(and(eq(secondFactors.memberId, memberId), isNotNull(secondFactors.confirmedAtMs)))
    .returning({ memberId: secondFactors.memberId });
}
