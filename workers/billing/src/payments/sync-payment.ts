import type { Env } from "../env.ts";
import { openDatabase } from "../db/client.ts";
import { findPayment, type PaymentRow, recordCard, recordMovements, savePaymentState } from "../db/payments.ts";
import { judgePayment, type PaymentState, type RemotePayment } from "./judge-payment.ts";
import { readRemotePayment } from "./read-remote-payment.ts";
import type { StripeAccess } from "./stripe-client.ts";

const ATTEMPTS = 8;

/**
 * Brings an order to what Stripe says now and returns it. The row is read before Stripe is and written
 * only if it has not moved in between, so revisions follow the order of Stripe's states however many run
 * at once. undefined: no such order. Throws when Stripe does not answer: try again later.
 */
export async function syncPayment(env: Env, stripe: StripeAccess, id: string): Promise<PaymentRow | undefined> {
  const db = openDatabase(env.DB);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const order = await findPayment(db, id);
    if (order === undefined) return undefined;
    const remote = await readRemotePayment(stripe.client, order);
    if (remote === null) return order;
    const nowMs = Date.now();
    const state = judgePayment(order, remote, stripe.config.livemode);
    if (state.status === "paid") await recordMovements(db, movementsOf(order, remote), nowMs);
    if (isSame(order, state)) return order;
    if (state.cardFingerprint !== null) await recordCard(db, order.companyId, state.cardFingerprint, nowMs);
    if (await savePaymentState(db, order, state, nowMs)) return findPayment(db, id);
  }
  throw new Error("a payment is changed faster than it can be read");
}

function isSame(order: PaymentRow, state: PaymentState): boolean {
  return Object.entries(state).every(([name, value]) => Object.is(Reflect.get(order, name), value));
}

function movementsOf(order: PaymentRow, remote: RemotePayment) {
  const charge =
    remote.chargeObjectId === null
      ? []
      : [
          {
            objectId: remote.chargeObjectId,
            paymentId: order.id,
            kind: "charge" as const,
            amountMinor: order.amountMinor,
          },
        ];
  const refunds = remote.refunds.map(({ id, amountMinor }) => {
    return { objectId: id, paymentId: order.id, kind: "refund" as const, amountMinor };
  });
  const disputes = remote.disputes.map(({ id, amountMinor }) => {
    return { objectId: id, paymentId: order.id, kind: "dispute" as const, amountMinor };
  });
  return [...charge, ...refunds, ...disputes];
}
