import type { Actor } from "@aggregator/contracts/actor";
import type { PaymentMethodsView, RedirectView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { Stripe } from "stripe";
import { openDatabase } from "../db/client.ts";
import { findCustomer } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { withStripe } from "./call-stripe.ts";
import { customerOf } from "./customer-of.ts";
import type { StripeAccess } from "./stripe-client.ts";

/** The company's saved cards. Needs `billing:read`. */
export async function listPaymentMethods(env: Env, actor: Actor): Answer<PaymentMethodsView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const customerId = await findCustomer(openDatabase(env.DB), actor.companyId);
    if (customerId === null) return ok({ data: [] });
    const methods = await stripe.client.customers.listPaymentMethods(customerId, { type: "card", limit: 100 });
    return ok({
      data: methods.data.flatMap(({ id, card }) =>
        card === undefined
          ? []
          : [{ id, brand: card.brand, last4: card.last4, exp_month: card.exp_month, exp_year: card.exp_year }],
      ),
    });
  });
}

/** Answers Stripe's page that takes a card and keeps it. Needs `billing:manage`. */
export async function addPaymentMethod(
  env: Env,
  actor: Actor,
  request: { readonly idempotencyKey: string | null; readonly requestId: string },
): Answer<RedirectView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const db = openDatabase(env.DB);
    const once = { ...request, companyId: actor.companyId, route: "addPaymentMethod", key: request.idempotencyKey };
    return runOnce(db, { ...once, input: null }, async (workId) =>
      withStripe(env, async () => {
        const customer = await customerOf(db, stripe, actor.companyId);
        const { consoleUrl } = paymentConfig(env);
        const session = await stripe.client.checkout.sessions.create(
          { mode: "setup", currency: "usd", customer, success_url: `${consoleUrl}?card=saved`, cancel_url: consoleUrl },
          { idempotencyKey: `card-${workId}` },
        );
        return ok({ url: session.url ?? consoleUrl });
      }),
    );
  });
}

/** Forgets a saved card; `not_found` also for another company's. Needs `billing:manage`. */
export async function removePaymentMethod(env: Env, actor: Actor, id: string, keyed: Keyed): Answer<void> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const db = openDatabase(env.DB);
    return runOnce<void>(db, keyedBy(actor, `removePaymentMethod/${id}`, null, keyed), async () =>
      withStripe(env, async () => {
        const customerId = await findCustomer(db, actor.companyId);
        if (customerId === null || !(await ownsPaymentMethod(stripe, customerId, id))) {
          return err("not_found", "No such payment method.");
        }
        await stripe.client.paymentMethods.detach(id);
        return ok();
      }),
    );
  });
}

/** Answers Stripe's page for cards and receipts. Needs `billing:manage`. */
export async function openPortal(
  env: Env,
  actor: Actor,
  request: { readonly idempotencyKey: string | null; readonly requestId: string },
): Answer<RedirectView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const db = openDatabase(env.DB);
    const once = { ...request, companyId: actor.companyId, route: "openPortal", key: request.idempotencyKey };
    return runOnce(db, { ...once, input: null }, async (workId) =>
      withStripe(env, async () => {
        const customer = await customerOf(db, stripe, actor.companyId);
        const { consoleUrl } = paymentConfig(env);
        const session = await stripe.client.billingPortal.sessions.create(
          { customer, return_url: consoleUrl },
          { idempotencyKey: `portal-${workId}` },
        );
        return ok({ url: session.url });
      }),
    );
  });
}

/** Whether a card belongs to a customer: ids come from clients, and another company's must not be charged. */
export async function ownsPaymentMethod(stripe: StripeAccess, customerId: string, id: string): Promise<boolean> {
  try {
    const method = await stripe.client.paymentMethods.retrieve(id);
    const owner = method.customer;
    return (typeof owner === "string" ? owner : owner?.id) === customerId;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return false;
    throw error;
  }
}
