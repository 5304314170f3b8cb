import { and, asc, count, eq, gt } from "drizzle-orm";
import type { Database } from "./client.ts";
import { webhookDeliveries, webhooks } from "./schema.ts";

export type Webhook = typeof webhooks.$inferSelect;

/** A company's own webhook; undefined also for another company's id. */
export async function findWebhook(db: Database, companyId: string, id: string): Promise<Webhook | undefined> {
  return db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.companyId, companyId), eq(webhooks.id, id)))
    .get();
}

/** A company's webhooks in order of creation, from after an id. */
export async function listWebhooks(
  db: Database,
  companyId: string,
  after: string | null,
  limit: number,
): Promise<Webhook[]> {
  return db
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.companyId, companyId), after === null ? undefined : gt(webhooks.id, after)))
    .orderBy(asc(webhooks.id))
    .limit(limit);
}

export async function countWebhooks(db: Database, companyId: string): Promise<number> {
  const row = await db.select({ n: count() }).from(webhooks).where(eq(webhooks.companyId, companyId)).get();
  return row?.n ?? 0;
}

export async function insertWebhook(db: Database, webhook: Webhook): Promise<void> {
  await db.insert(webhooks).values(webhook);
}

export type WebhookChange = Partial<Omit<Webhook, "id" | "companyId" | "createdAtMs">>;

export async function updateWebhook(db: Database, companyId: string, id: string, change: WebhookChange): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db
    .update(webhooks)
    .set(change)
    .where(and(eq(webhooks.companyId, companyId), eq(webhooks.id, id)));
}

/** Removes a webhook and what waits for it. */
export async function deleteWebhook(db: Database, companyId: string, id: string): Promise<void> {
  await db.batch([
    db
      .delete(webhookDeliveries)
      .where(and(eq(webhookDeliveries.companyId, companyId), eq(webhookDeliveries.webhookId, id))),
    db.delete(webhooks).where(and(eq(webhooks.companyId, companyId), eq(webhooks.id, id))),
  ]);
}
