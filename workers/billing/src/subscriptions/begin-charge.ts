import type { SubscriptionView } from "@aggregator/contracts/plans";
import { type Answer, ok } from "@aggregator/contracts/result";
import { openDatabase } from "../db/client.ts";
import { insertPayment } from "../db/payments.ts";
import { attachPayment, type ChargeRow, findSubscription } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { withStripe } from "../payments/call-stripe.ts";
import { centsOf } from "../payments/currency.ts";
import { customerOf } from "../payments/customer-of.ts";
import { openCheckout } from "../payments/open-checkout.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { paymentIdOf } from "./pay-charge.ts";
import { subscriptionView } from "./subscription-view.ts";

/** Sets a charge going: a flow takes it from balance or saved card; without a card the customer is sent to Stripe's page. */
export async function beginCharge(
  env: Env,
  charge: ChargeRow,
  paymentMethodId: string | null,
): Answer<SubscriptionView> {
  const db = openDatabase(env.DB);
  const needsPage = charge.payWith === "card" && paymentMethodId === null && charge.amountNanoUsd > 0;
  if (!needsPage) {
    await startFlow(env.SUBSCRIPTION_FLOW, charge.id, { chargeId: charge.id });
    return ok(subscriptionView(await findSubscription(db, charge.companyId)));
  }
  return withStripe(env, async (stripe) => {
    const order = await insertPayment(
      db,
      {
        id: await paymentIdOf(charge),
        companyId: charge.companyId,
        purpose: "subscription",
        chargeId: charge.id,
        currency: "usd",
        amountMinor: centsOf(charge.amountNanoUsd) ?? 0,
        creditNanoUsd: charge.creditNanoUsd,
        customerId: await customerOf(db, stripe, charge.companyId),
        paymentMethodId: null,
      },
      Date.now(),
    );
    await attachPayment(db, charge.id, order.id);
    const opened = await openCheckout(env, db, stripe, order, `Subscription to ${charge.planId}`);
    return ok(subscriptionView(await findSubscription(db, charge.companyId), opened.checkoutUrl));
  });
}
