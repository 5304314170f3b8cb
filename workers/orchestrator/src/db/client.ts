import type { BatchItem } from "drizzle-orm/batch";
import { drizzle } from "drizzle-orm/d1";

/** Drizzle over this Worker's D1. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding);
}
export type Database = ReturnType<typeof openDatabase>;

/** Ids for one statement: D1 takes 100 parameters. */
export const MAX_PARAMETERS = 90;

/** A statement for `db.batch`, which is the only transaction that D1 has. */
export type Statement = BatchItem<"sqlite">;

/** Runs statements in one transaction; none is no call. */
export async function runBatch(db: Database, statements: readonly Statement[]): Promise<void> {
  const [first, ...rest] = statements;
  if (first !== undefined) await db.batch([first, ...rest]);
}

/** Whether a write failed because another row has the value. `column` as `table.column`. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message.includes(`UNIQUE constraint failed: ${column}`)) return true;
  }
  return false;
}
