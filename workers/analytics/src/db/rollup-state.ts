import { eq, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { rollupState } from "./schema.ts";

export interface RollupState {
  readonly maintainedThroughMs: number;
  readonly readableThroughMs: number;
  readonly companyCursor: string;
}

/** How far days have been derived; zero before the first run. */
export async function readRollupState(db: Database): Promise<RollupState> {
  const row = await db.select().from(rollupState).where(eq(rollupState.id, 1)).get();
  if (row === undefined) throw new Error("rollup_state has no row; apply the migrations");
  return row;
}

/** From here on, changes of days before `throughMs` derive them again. Never moves back. */
export async function maintainThrough(db: Database, throughMs: number): Promise<void> {
  await db
    .update(rollupState)
    .set({ maintainedThroughMs: sql`max(${rollupState.maintainedThroughMs}, ${throughMs})` })
    .where(eq(rollupState.id, 1));
}

/** Days before `throughMs` are complete for every company. Never moves back. */
export async function readThrough(db: Database, throughMs: number): Promise<void> {
  await db
    .update(rollupState)
    .set({ readableThroughMs: sql`max(${rollupState.readableThroughMs}, ${throughMs})`, companyCursor: "" })
    .where(eq(rollupState.id, 1));
}

/** Remembers the last company derived of the day that is being built. */
export function companyCursorStatement(db: Database, companyId: string): D1PreparedStatement {
  return db.$client.prepare("UPDATE rollup_state SET company_cursor = ? WHERE id = 1").bind(companyId);
}
