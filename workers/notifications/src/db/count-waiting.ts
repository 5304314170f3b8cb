import { asc, isNull, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { deadLetters, emails, webhookDeliveries } from "./schema.ts";

/** What has not gone out yet: how many, and since when the first of them has been due (null: none is pending). */
export interface Waiting {
  readonly count: number;
  readonly dueSinceMs: number | null;
}

/** E-mails that are to be sent. Reads the index of what is due, which holds nothing else. */
export async function waitingEmails(db: Database): Promise<Waiting> {
  return waiting(
    await db
      .select({ count: sql<number>`count(*)`, dueSinceMs: sql<number | null>`min(${emails.nextAttemptAtMs})` })
      .from(emails)
      .where(sql`${emails.nextAttemptAtMs} IS NOT NULL`)
      .get(),
  );
}

/** Webhook deliveries that are to be made; see `waitingEmails`. */
export async function waitingWebhooks(db: Database): Promise<Waiting> {
  const { nextAttemptAtMs } = webhookDeliveries;
  return waiting(
    await db
      .select({ count: sql<number>`count(*)`, dueSinceMs: sql<number | null>`min(${nextAttemptAtMs})` })
      .from(webhookDeliveries)
      .where(sql`${nextAttemptAtMs} IS NOT NULL`)
      .get(),
  );
}

/** Messages that could not be handled and that nobody has replayed, by queue. */
export async function countDeadLetters(db: Database): Promise<{ queue: string; count: number }[]> {
  return db
    .select({ queue: deadLetters.queue, count: sql<number>`count(*)` })
    .from(deadLetters)
    .where(isNull(deadLetters.replayedAtMs))
    .groupBy(deadLetters.queue)
    .orderBy(asc(deadLetters.queue));
}

function waiting(row: Waiting | undefined): Waiting {
  return row ?? { count: 0, dueSinceMs: null };
}
