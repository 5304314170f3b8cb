import type { Database } from "./client.ts";
import { deadLetters } from "./schema.ts";

export type DeadLetter = typeof deadLetters.$inferSelect;

/** Keeps a dead letter; a redelivery of the same message leaves the first record. */
export async function insertDeadLetter(db: Database, letter: DeadLetter): Promise<void> {
  await db.insert(deadLetters).values(letter).onConflictDoNothing();
}
