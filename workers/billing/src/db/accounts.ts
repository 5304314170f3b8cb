import { and, asc, lt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { accounts } from "./schema/accounts.ts";

/** An account says that it is active at most this often. */
const SAID_EVERY_MS = 43_200_000;

/** Lists an account; no row is written when it is listed as of the last half day. */
export async function listAccount(db: Database, companyId: string, nowMs: number): Promise<void> {
  await db
    .insert(accounts)
    .values({ companyId, activeAtMs: nowMs, pokedAtMs: nowMs })
    .onConflictDoUpdate({
      target: accounts.companyId,
      set: { activeAtMs: nowMs },
      setWhere: lt(accounts.activeAtMs, nowMs - SAID_EVERY_MS),
    });
}

/** The accounts that the cron has not looked at for longest, marked as looked at. */
export async function takeAccountsToPoke(db: Database, nowMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ companyId: accounts.companyId })
    .from(accounts)
    .where(lt(accounts.pokedAtMs, nowMs))
    .orderBy(asc(accounts.pokedAtMs))
    .limit(limit);
  const companyIds = rows.map(({ companyId }) => companyId);
  if (companyIds.length > 0) await db.update(accounts).set({ pokedAtMs: nowMs }).where(among(companyIds));
  return companyIds;
}

/** Takes accounts off the list that were last active before `beforeMs`; the next activity lists them again. */
export async function unlistAccounts(db: Database, companyIds: readonly string[], beforeMs: number): Promise<void> {
  await db.delete(accounts).where(and(among(companyIds), lt(accounts.activeAtMs, beforeMs)));
}

/** One parameter, however many: D1 takes a hundred. */
function among(companyIds: readonly string[]) {
  return sql`${accounts.companyId} IN (SELECT value FROM json_each(${JSON.stringify(companyIds)}))`;
}
