import {
  type AutoTopupView,
  PAYMENT_STATUSES,
  type PaymentMethodsView,
  type PaymentMethodView,
  type PaymentView,
  type RedirectView,
  type WebhookReceipt,
} from "@aggregator/contracts/payments";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";

const Minor = z.number().int().openapi({ description: "Minor units of the currency, as Stripe counts them." });
const Currency = z.string().openapi({ description: "Lower-case ISO 4217.", example: "usd" });

export const Payment = z
  .object({
    id: z.string(),
    purpose: z.enum(["topup", "auto_topup", "subscription"]),
    status: z.enum(PAYMENT_STATUSES).openapi({
      description: "`rejected`: what was paid does not match the order; a person will look.",
    }),
    currency: Currency,
    amount_minor: Minor,
    credit_nano_usd: NanoUsd.openapi({ description: "What the company gets for it." }),
    refunded_minor: Minor,
    disputed_minor: Minor,
    failure_code: z.string().nullable(),
    checkout_url: z.string().nullable().openapi({ description: "Where to pay; null once it is decided." }),
    created_at: Time,
    paid_at: Time.nullable(),
  })
  .openapi("Payment") satisfies z.ZodType<PaymentView>;

export const TopupInput = z
  .object({
    amount_nano_usd: NanoUsd.optional().openapi({ description: "Nano-USD, whole cents.", example: 25_000_000_000 }),
    currency: Currency.optional(),
    amount_minor: Minor.optional(),
    payment_method: z.string().optional().openapi({ description: "A saved card; absent: at Stripe's page." }),
  })
  .openapi("TopupInput");

export const RefundInput = z.object({ amount_minor: Minor.optional() }).openapi("RefundInput");

const PaymentMethod = z
  .object({
    id: z.string(),
    brand: z.string().openapi({ example: "visa" }),
    last4: z.string(),
    exp_month: z.number().int(),
    exp_year: z.number().int(),
  })
  .openapi("PaymentMethod") satisfies z.ZodType<PaymentMethodView>;

export const PaymentMethods = z
  .object({ data: z.array(PaymentMethod).readonly() })
  .openapi("PaymentMethods") satisfies z.ZodType<PaymentMethodsView>;

export const Redirect = z
  .object({ url: z.string().openapi({ description: "A page of Stripe to send the person to." }) })
  .openapi("Redirect") satisfies z.ZodType<RedirectView>;

const standingOrder = {
  enabled: z.boolean(),
  threshold_nano_usd: NanoUsd.openapi({ description: "Refill when less than this is available." }),
  amount_nano_usd: NanoUsd.openapi({ description: "By this much: whole cents." }),
  monthly_cap_nano_usd: NanoUsd.openapi({ description: "Never more than this in one calendar month (UTC)." }),
};

export const AutoTopup = z
  .object({
    ...standingOrder,
    payment_method: z.string().nullable(),
    in_flight: z.boolean(),
    failures: z.number().int().openapi({ description: "Declines in a row; after the fourth it is switched off." }),
  })
  .openapi("AutoTopup") satisfies z.ZodType<AutoTopupView>;

export const AutoTopupInput = z.object({ ...standingOrder, payment_method: z.string() }).openapi("AutoTopupInput");

export const FxRateInput = z
  .object({
    nano_usd: NanoUsd.openapi({ description: "What `units` of the currency are worth." }),
    units: z.number().int(),
  })
  .openapi("FxRateInput");

export const FxRate = z.object({ currency: Currency, nano_usd: NanoUsd, units: z.number().int() }).openapi("FxRate");

export const StripeReceipt = z
  .object({ received: z.literal(true), outcome: z.enum(["accepted", "ignored"]) })
  .openapi("StripeReceipt") satisfies z.ZodType<WebhookReceipt>;
