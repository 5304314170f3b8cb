import { and, desc, eq, isNotNull, lt } from "drizzle-orm";
import type { RenderedEmail } from "../domain/render-email.ts";
import type { Database } from "./client.ts";
import { emails } from "./schema.ts";

export type Email = typeof emails.$inferSelect;

export async function findEmail(db: Database, id: string): Promise<Email | undefined> {
  return db.select().from(emails).where(eq(emails.id, id)).get();
}

/** Counts an attempt before it is made; false when another job is making it. */
export async function claimEmail(db: Database, email: Email, retryAtMs: number): Promise<boolean> {
  const claimed = await db
    .update(emails)
    .set({ attempts: email.attempts + 1, nextAttemptAtMs: retryAtMs })
    .where(and(eq(emails.id, email.id), eq(emails.state, "pending"), eq(emails.attempts, email.attempts)));
  return claimed.meta.changes === 1;
}

/** The e-mail is on its way; `kept` is its content where development keeps it instead of sending. */
export async function markSent(db: Database, id: string, kept: RenderedEmail | null, nowMs: number): Promise<void> {
  await db
    .update(emails)
    .set({ state: "sent", nextAttemptAtMs: null, finishedAtMs: nowMs, lastError: null, ...kept })
    .where(eq(emails.id, id));
}

/** The attempt failed: tried again at `retryAtMs`, or given up when that is null. */
export async function markEmailFailed(
  db: Database,
  id: string,
  error: string,
  retryAtMs: number | null,
  nowMs: number,
): Promise<void> {
  const end = retryAtMs === null ? { state: "failed" as const, finishedAtMs: nowMs } : {};
  await db
    .update(emails)
    .set({ lastError: error, nextAttemptAtMs: retryAtMs, ...end })
    .where(eq(emails.id, id));
}

/** Pending e-mails whose job seems lost. */
export async function listOverdueEmails(db: Database, dueBeforeMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: emails.id })
    .from(emails)
    .where(lt(emails.nextAttemptAtMs, dueBeforeMs))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** E-mails that development kept, newest first. */
export async function listKeptEmails(db: Database, limit: number): Promise<Email[]> {
  return db.select().from(emails).where(isNotNull(emails.html)).orderBy(desc(emails.createdAtMs)).limit(limit);
}
