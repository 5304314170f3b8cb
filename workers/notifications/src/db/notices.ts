import { Notice, NOTICE_MESSAGE_VERSION } from "@aggregator/contracts/notices";
import { and, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import type { Delivery } from "./deliveries.ts";
import type { Email } from "./emails.ts";
import { emails, notices, webhookDeliveries, webhooks } from "./schema.ts";

/** The company's webhooks that want a kind of notice. */
export async function listSubscribers(db: Database, companyId: string, kind: string): Promise<string[]> {
  const rows = await db
    .select({ id: webhooks.id, events: webhooks.events })
    .from(webhooks)
    .where(and(eq(webhooks.companyId, companyId), eq(webhooks.isEnabled, true)));
  return rows.filter(({ events }) => events.includes(kind)).map(({ id }) => id);
}

/** Keeps a notice with everything that is to be sent for it: one commit, and a repeat changes nothing. */
export async function insertNotice(
  db: Database,
  notice: Notice,
  outgoing: { readonly emails: readonly Email[]; readonly deliveries: readonly Delivery[] },
  nowMs: number,
): Promise<void> {
  await db.batch([
    db
      .insert(notices)
      .values({
        id: notice.id,
        kind: notice.kind,
        companyId: notice.company_id,
        data: JSON.stringify(notice.data),
        occurredAtMs: notice.occurred_at_ms,
        receivedAtMs: nowMs,
      })
      .onConflictDoNothing(),
    ...outgoing.emails.map((email) => db.insert(emails).values(email).onConflictDoNothing()),
    ...outgoing.deliveries.map((delivery) => db.insert(webhookDeliveries).values(delivery).onConflictDoNothing()),
  ]);
}

/** A notice as its producer sent it; undefined when it is unknown or its data were blanked. */
export async function findNotice(db: Database, id: string): Promise<Notice | undefined> {
  const row = await db.select().from(notices).where(eq(notices.id, id)).get();
  if (row === undefined) return undefined;
  const parsed = Notice.safeParse({
    version: NOTICE_MESSAGE_VERSION,
    type: "notice",
    id: row.id,
    kind: row.kind,
    company_id: row.companyId,
    occurred_at_ms: row.occurredAtMs,
    data: JSON.parse(row.data) as unknown,
  });
  return parsed.success ? parsed.data : undefined;
}

/** Forgets what a notice said: its link has been sent and must not be kept. */
export async function blankNotice(db: Database, id: string): Promise<void> {
  await db.update(notices).set({ data: "{}" }).where(eq(notices.id, id));
}
