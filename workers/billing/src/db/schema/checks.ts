import { MAX_NANO_USD } from "@aggregator/money/nano-usd";
import { type SQL, sql } from "drizzle-orm";
import { check, type SQLiteColumn } from "drizzle-orm/sqlite-core";

/**
 * Whole numbers in range, or the write fails: SQLite would keep 0.5 in an INTEGER column, and nothing
 * above 2^53 survives the way through JavaScript.
 */
export function amountCheck(name: string, column: SQLiteColumn) {
  return check(name, whole(column, 0));
}

/** As `amountCheck`, also below zero. */
export function signedAmountCheck(name: string, column: SQLiteColumn) {
  return check(name, whole(column, -MAX_NANO_USD));
}

function whole(column: SQLiteColumn, least: number): SQL {
  return sql`typeof(${column}) = 'integer' and ${column} between ${sql.raw(String(least))} and ${sql.raw(String(MAX_NANO_USD))}`;
}
