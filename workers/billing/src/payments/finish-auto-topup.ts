import { findAutoTopup, releaseAutoTopup } from "../db/auto-topups.ts";
import { openDatabase } from "../db/client.ts";
import type { PaymentRow } from "../db/payments.ts";
import type { Env } from "../env.ts";

const HOUR_MS = 3_600_000;
/** Hours before the next try after a decline; after the last one the standing order is switched off. */
const RETRY_HOURS = [1, 6, 24] as const;

/** Lets the next automatic top-up begin once a payment is decided. A decline waits longer each time. Idempotent. */
export async function finishAutoTopup(env: Env, payment: PaymentRow, nowMs: number): Promise<void> {
  if (payment.status === "created" || payment.status === "processing") return;
  const db = openDatabase(env.DB);
  const standing = await findAutoTopup(db, payment.companyId);
  if (standing === undefined) return;
  if (payment.status === "paid") {
    await releaseAutoTopup(db, payment.companyId, payment.id, { failures: 0, nextCheckAtMs: nowMs });
    return;
  }
  const hours = RETRY_HOURS[standing.failures];
  await releaseAutoTopup(db, payment.companyId, payment.id, {
    failures: standing.failures + 1,
    ...(hours === undefined ? { enabled: false } : { nextCheckAtMs: nowMs + hours * HOUR_MS }),
  });
}
