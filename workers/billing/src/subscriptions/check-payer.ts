import { type Answer, err, ok } from "@aggregator/contracts/result";
import { z } from "zod";
import type { Database } from "../db/client.ts";
import type { Env } from "../env.ts";
import { withStripe } from "../payments/call-stripe.ts";
import { customerOf } from "../payments/customer-of.ts";
import { ownsPaymentMethod } from "../payments/payment-methods.ts";
import { stripeOf } from "../payments/stripe-client.ts";

export const payerFields = {
  /** Absent: by card where cards are taken, else from the balance. */
  pay_with: z.enum(["card", "balance"]).optional(),
  /** A saved card; absent with `card`: at Stripe's page, later the newest saved one. */
  payment_method: z.string().min(1).max(100).optional(),
};
const PayerInput = z.object(payerFields);

export interface Payer {
  readonly payWith: "card" | "balance";
  readonly paymentMethodId: string | null;
}

/**
 * How a subscription is paid, once it is certain that it can be: the balance covers what is due now, or the card
 * is the company's own. `insufficient_balance`, `invalid_request`; `not_found` for a card where there is no Stripe.
 */
export async function checkPayer(
  env: Env,
  db: Database,
  companyId: string,
  dueNanoUsd: number,
  input: z.infer<typeof PayerInput>,
): Answer<Payer> {
  const byDefault = stripeOf(env) === null && input.payment_method === undefined ? "balance" : "card";
  const payWith = input.pay_with ?? byDefault;
  if (payWith === "balance") {
    const { available_nano_usd: available } = await env.COMPANY_ACCOUNT.getByName(companyId).balance();
    if (available < dueNanoUsd) {
      return err("insufficient_balance", "The balance does not cover the plan's fee; top up first.");
    }
    return ok({ payWith, paymentMethodId: null });
  }
  return withStripe(env, async (stripe) => {
    const paymentMethodId = input.payment_method ?? null;
    const customerId = await customerOf(db, stripe, companyId);
    if (paymentMethodId !== null && !(await ownsPaymentMethod(stripe, customerId, paymentMethodId))) {
      return err("invalid_request", "payment_method: this company has no such card.", { param: "payment_method" });
    }
    return ok({ payWith, paymentMethodId });
  });
}
