import { type Answer, err, type Result } from "@aggregator/contracts/result";
import { defectFields } from "@aggregator/runtime/log";
import { Stripe } from "stripe";
import { type Env, paymentConfig } from "../env.ts";
import { NO_PAYMENTS, type StripeAccess, stripeOf } from "./stripe-client.ts";

/**
 * Runs an operation that needs Stripe: `not_found` where it is not configured, `service_unavailable` when
 * Stripe does not answer (what it did is found out later), `payment_failed` when it refuses. Nothing of
 * Stripe's own words reaches the caller but its code.
 */
export async function withStripe<Value>(env: Env, work: (stripe: StripeAccess) => Answer<Value>): Answer<Value> {
  const stripe = stripeOf(env);
  if (stripe === null) return err("not_found", NO_PAYMENTS);
  try {
    return await work(stripe);
  } catch (error) {
    return refusalOf(env, error);
  }
}

function refusalOf(env: Env, error: unknown): Result<never> {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { log } = paymentConfig(env);
  log.error("stripe.failed", {
    ...defectFields(error),
    error_code: error.code ?? null,
    status: error.statusCode ?? null,
  });
  if (error instanceof Stripe.errors.StripeCardError) {
    return err("payment_failed", `The card was refused (${error.code ?? "declined"}); use another one.`);
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    return err("payment_failed", `The payment was refused (${error.code ?? "refused"}).`);
  }
  return err("service_unavailable", "Payments do not answer; repeat the request with the same Idempotency-Key.", {
    retryAfterSeconds: 5,
  });
}
