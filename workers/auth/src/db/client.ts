import { drizzle } from "drizzle-orm/d1";
import type { BatchItem } from "drizzle-orm/batch";

/** Drizzle over this Worker's D1. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding);
}
export type Database = ReturnType<typeof openDatabase>;

/** A statement for `db.batch`, which is the only transaction that D1 has. */
export type Statement = BatchItem<"sqlite">;

/** Whether a write failed because another row has the value. `column` as `table.column`. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.message.includes(`UNIQUE constraint failed: ${column}`)) return true;
  }
  return false;
}
