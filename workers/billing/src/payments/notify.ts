import type { Notice } from "@aggregator/contracts/notices";
import { NOTICE_MESSAGE_VERSION } from "@aggregator/contracts/notices";
import type { Env } from "../env.ts";

type PaymentNotice = Extract<Notice, { kind: "payment_received" | "payment_failed" }>;

/** Tells the company about a payment; a repeat of the same `id` is heard once. */
export async function notifyPayment(
  env: Env,
  companyId: string,
  id: string,
  told: Pick<PaymentNotice, "kind" | "data">,
): Promise<void> {
  const base = {
    version: NOTICE_MESSAGE_VERSION,
    type: "notice",
    id,
    company_id: companyId,
    occurred_at_ms: Date.now(),
  };
  await env.NOTICES.send({ ...base, ...told } as Notice);
}
