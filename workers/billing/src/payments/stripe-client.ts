import { Stripe } from "stripe";
import { once } from "@aggregator/runtime/parse-config";
import { type Env, paymentConfig, type StripeConfig } from "../env.ts";

/** Stripe's client and what is configured of it. */
export interface StripeAccess {
  readonly client: Stripe;
  readonly config: StripeConfig;
}

/** Access to Stripe, null when it is not configured: the routes of payments then do not exist. */
export const stripeOf = once((env: Env): StripeAccess | null => {
  const config = paymentConfig(env).stripe;
  return config === null ? null : { client: createClient(config), config };
});

function createClient(config: StripeConfig): Stripe {
  const base = config.apiBase === null ? null : new URL(config.apiBase);
  return new Stripe(config.secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    // The second try carries the same idempotency key, so a lost answer is never a second payment.
    maxNetworkRetries: 1,
    timeout: config.timeoutMs,
    telemetry: false,
    ...(base === null ? {} : { host: base.hostname, port: portOf(base), protocol: protocolOf(base) }),
  });
}

function protocolOf(base: URL): "http" | "https" {
  return base.protocol === "http:" ? "http" : "https";
}

function portOf(base: URL): string {
  return base.port === "" ? (base.protocol === "http:" ? "80" : "443") : base.port;
}

/** What is answered where Stripe is not configured: as if there were no such route. */
export const NO_PAYMENTS = "There is nothing at this path: payments are not configured on this platform.";
