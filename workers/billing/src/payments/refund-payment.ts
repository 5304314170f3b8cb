import type { Actor } from "@aggregator/contracts/actor";
import type { PaymentView } from "@aggregator/contracts/payments";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { Stripe } from "stripe";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { findPayment, type PaymentRow } from "../db/payments.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { withStripe } from "./call-stripe.ts";
import { paymentView } from "./payment-view.ts";
import type { StripeAccess } from "./stripe-client.ts";
import { syncPayment } from "./sync-payment.ts";

const RefundInput = z.strictObject({
  /** Minor units of the payment's currency; absent: what is left of it. */
  amount_minor: z.number().int().min(1).max(100_000_000_000).optional(),
});

export interface RefundPaymentRequest {
  readonly id: string;
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/**
 * Gives a payment back by Stripe, in whole or in part, and takes its credit and commission back with it;
 * the balance may go negative when it is spent. Platform admins only. `conflict` for one that was not paid.
 */
export async function refundPayment(env: Env, actor: Actor, request: RefundPaymentRequest): Answer<PaymentView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const parsed = parseInput(RefundInput, request.input);
    if (!parsed.ok) return parsed;
    const db = openDatabase(env.DB);
    const order = await findPayment(db, request.id);
    if (order === undefined) return err("not_found", "No such payment.");
    const once = { ...request, companyId: actor.companyId, route: `refund/${order.id}`, key: request.idempotencyKey };
    return runOnce(db, once, async (workId) =>
      withStripe(env, async () => {
        if (order.status !== "paid") return err("conflict", "This payment was not paid.");
        const refused = await askStripe(stripe, order, parsed.value.amount_minor, workId);
        if (refused !== null) return refused;
        const synced = await syncPayment(env, stripe, order.id);
        await startFlow(env.PAYMENT_FLOW, `refund-${workId}`, { paymentId: order.id });
        return ok(paymentView(synced ?? order));
      }),
    );
  });
}

/**
 * null when Stripe gives the money back. How much is left is Stripe's to say, not ours: a repeat after a crash
 * would count its own first try.
 */
async function askStripe(
  stripe: StripeAccess,
  order: PaymentRow,
  amountMinor: number | undefined,
  workId: string,
): Promise<Result<never> | null> {
  const amount = amountMinor === undefined ? {} : { amount: amountMinor };
  try {
    await stripe.client.refunds.create(
      { payment_intent: order.paymentIntentId ?? "", metadata: { payment_id: order.id }, ...amount },
      { idempotencyKey: `refund-${workId}` },
    );
    return null;
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const message = `amount_minor: so much is not left of this payment (${error.code ?? "refused"}).`;
    return err("invalid_request", message, { param: "amount_minor" });
  }
}
