import type { ContentPolicy } from "@aggregator/contracts/content";
import { asc, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { contentPolicies } from "./schema.ts";

export type ContentPolicyRow = typeof contentPolicies.$inferSelect;

export async function findContentPolicy(db: Database, companyId: string): Promise<ContentPolicyRow | null> {
  const row = await db.select().from(contentPolicies).where(eq(contentPolicies.companyId, companyId)).get();
  return row ?? null;
}

/** Stores a company's policy; it is the next to be swept. */
export async function saveContentPolicy(
  db: Database,
  companyId: string,
  policy: ContentPolicy,
  nowMs: number,
): Promise<ContentPolicyRow> {
  const values = {
    isEnabled: policy.is_enabled,
    retentionDays: policy.retention_days,
    changedAtMs: nowMs,
    sweptAtMs: 0,
  };
  await db
    .insert(contentPolicies)
    .values({ companyId, ...values })
    .onConflictDoUpdate({ target: contentPolicies.companyId, set: values });
  return { companyId, ...values };
}

/** The companies that have waited longest for a sweep. */
export async function listToSweep(db: Database, limit: number): Promise<readonly ContentPolicyRow[]> {
  return db.select().from(contentPolicies).orderBy(asc(contentPolicies.sweptAtMs)).limit(limit);
}

export async function noteSwept(db: Database, companyId: string, nowMs: number): Promise<void> {
  await db.update(contentPolicies).set({ sweptAtMs: nowMs }).where(eq(contentPolicies.companyId, companyId));
}
