import { and, desc, eq, lt, or } from "drizzle-orm";
import type { Database } from "./client.ts";
import { deadLetters } from "./schema.ts";

export type DeadLetter = typeof deadLetters.$inferSelect;

export interface DeadLetterPosition {
  readonly receivedAtMs: number;
  readonly id: string;
}

/** Keeps a dead letter; a redelivery of the same message leaves the first record. */
export async function insertDeadLetter(db: Database, letter: DeadLetter): Promise<void> {
  await db.insert(deadLetters).values(letter).onConflictDoNothing();
}

/** Dead letters, newest first, from after a position. */
export async function selectDeadLetters(
  db: Database,
  after: DeadLetterPosition | null,
  limit: number,
): Promise<DeadLetter[]> {
  const older =
    after === null
      ? undefined
      : or(
          lt(deadLetters.receivedAtMs, after.receivedAtMs),
          and(eq(deadLetters.receivedAtMs, after.receivedAtMs), lt(deadLetters.id, after.id)),
        );
  return db
    .select()
    .from(deadLetters)
    .where(older)
    .orderBy(desc(deadLetters.receivedAtMs), desc(deadLetters.id))
    .limit(limit);
}

export async function findDeadLetter(db: Database, id: string): Promise<DeadLetter | undefined> {
  return db.select().from(deadLetters).where(eq(deadLetters.id, id)).get();
}

/** Marks a letter as handled and forgets what it said. */
export async function markReplayed(db: Database, id: string, replayedAtMs: number): Promise<void> {
  await db.update(deadLetters).set({ replayedAtMs, sealedBody: null }).where(eq(deadLetters.id, id));
}
