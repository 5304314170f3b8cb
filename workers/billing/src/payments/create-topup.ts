import type { Actor } from "@aggregator/contracts/actor";
import type { PaymentView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { insertPayment, type PaymentRow } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { withStripe } from "./call-stripe.ts";
import { chargeCard } from "./charge-card.ts";
import { customerOf } from "./customer-of.ts";
import { openCheckout } from "./open-checkout.ts";
import { ownsPaymentMethod } from "./payment-methods.ts";
import { paymentView } from "./payment-view.ts";
import type { StripeAccess } from "./stripe-client.ts";
import { priceOrder, TopupInput } from "./topup-input.ts";

export interface CreateTopupRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/**
 * Begins a top-up: answers where to pay, or takes it from a saved card at once. Needs `billing:manage`. The
 * order is written before Stripe is asked; a repeat under the same `Idempotency-Key` continues it, so
 * there is one PaymentIntent. Credit comes only when Stripe says that it was paid.
 */
export async function createTopup(env: Env, actor: Actor, request: CreateTopupRequest): Answer<PaymentView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const db = openDatabase(env.DB);
    const parsed = parseInput(TopupInput, request.input);
    if (!parsed.ok) return parsed;
    const paymentMethodId = parsed.value.payment_method ?? null;
    const once = { ...request, companyId: actor.companyId, route: "createTopup", key: request.idempotencyKey };
    return runOnce(db, once, async (workId) =>
      withStripe(env, async () => {
        const priced = await priceOrder(db, paymentConfig(env), parsed.value);
        if (!priced.ok) return priced;
        const customerId = await customerOf(db, stripe, actor.companyId);
        if (paymentMethodId !== null && !(await ownsPaymentMethod(stripe, customerId, paymentMethodId))) {
          return err("invalid_request", "payment_method: this company has no such card.", { param: "payment_method" });
        }
        const order = { id: workId, companyId: actor.companyId, purpose: "topup" as const, chargeId: null };
        const row = await insertPayment(db, { ...order, ...priced.value, customerId, paymentMethodId }, Date.now());
        return ok(paymentView(await beginPaying(env, stripe, row)));
      }),
    );
  });
}

async function beginPaying(env: Env, stripe: StripeAccess, order: PaymentRow): Promise<PaymentRow> {
  if (order.paymentMethodId === null) return openCheckout(env, openDatabase(env.DB), stripe, order, "Top-up");
  const charged = await chargeCard(env, stripe, order);
  await startFlow(env.PAYMENT_FLOW, `card-${order.id}`, { paymentId: order.id });
  return charged;
}
