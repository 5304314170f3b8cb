import { sha256Hex } from "@aggregator/runtime/digest";
import type { Delivery } from "../db/deliveries.ts";
import type { Email } from "../db/emails.ts";

/** A pending e-mail of a notice; the same notice and address make the same row. */
export async function newEmail(
  notice: { readonly id: string; readonly kind: string },
  to: string,
  nowMs: number,
): Promise<Email> {
  return {
    id: (await sha256Hex(`email/${notice.id}/${to}`)).slice(0, 32),
    noticeId: notice.id,
    kind: notice.kind,
    to,
    state: "pending",
    attempts: 0,
    lastError: null,
    nextAttemptAtMs: nowMs,
    subject: null,
    text: null,
    html: null,
    createdAtMs: nowMs,
    finishedAtMs: null,
  };
}

export interface NewDelivery {
  readonly messageId: string;
  readonly companyId: string;
  readonly webhookId: string;
  readonly event: string;
  readonly payload: string;
}

/** A pending delivery; the same message and webhook make the same row. */
export async function newDelivery(delivery: NewDelivery, nowMs: number): Promise<Delivery> {
  return {
    ...delivery,
    id: (await sha256Hex(`webhook/${delivery.messageId}/${delivery.webhookId}`)).slice(0, 32),
    state: "pending",
    attempts: 0,
    lastStatus: null,
    lastError: null,
    nextAttemptAtMs: nowMs,
    createdAtMs: nowMs,
    finishedAtMs: null,
  };
}
