import { desc, eq, lt } from "drizzle-orm";
import type { Database } from "./client.ts";
import { providerFindings } from "./schema/provider-findings.ts";

export type ProviderFindingRow = typeof providerFindings.$inferSelect;

/** Keeps a difference as it is now. */
export async function keepProviderFinding(db: Database, finding: ProviderFindingRow): Promise<void> {
  await db.insert(providerFindings).values(finding).onConflictDoUpdate({ target: providerFindings.id, set: finding });
}

/** A day that ties again is no finding any more. */
export async function dropProviderFinding(db: Database, id: string): Promise<void> {
  await db.delete(providerFindings).where(eq(providerFindings.id, id));
}

/** Newest day first; ids begin with the day. */
export async function listProviderFindings(db: Database, before: string, limit: number): Promise<ProviderFindingRow[]> {
  return db
    .select()
    .from(providerFindings)
    .where(lt(providerFindings.id, before))
    .orderBy(desc(providerFindings.id))
    .limit(limit);
}
