import { drizzle } from "drizzle-orm/d1";

/** Drizzle over this Worker's D1. */
export function openDatabase(binding: D1Database) {
  return drizzle(binding);
}
export type Database = ReturnType<typeof openDatabase>;
