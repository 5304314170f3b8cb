import { ENTRY_KINDS, type BalanceView, type RequestView, type TransactionView } from "@aggregator/contracts/billing";
import { z } from "@hono/zod-openapi";
import { JsonObject, NanoUsd, Time } from "./common.ts";

export const Balance = z
  .object({
    currency: z.literal("USD"),
    posted_nano_usd: NanoUsd,
    held_nano_usd: NanoUsd.openapi({ description: "Set aside for requests that are running." }),
    available_nano_usd: NanoUsd.openapi({ description: "Posted less held: what can be spent now." }),
    available: z.string().openapi({ description: "The same in USD, nine decimals.", example: "99.123456789" }),
  })
  .openapi("Balance") satisfies z.ZodType<BalanceView>;

export const Transaction = z
  .object({
    id: z.string(),
    request_id: z.string().nullable(),
    kind: z.enum(ENTRY_KINDS),
    amount_nano_usd: NanoUsd.openapi({ description: "Signed: charges are negative." }),
    balance_after_nano_usd: NanoUsd,
    created_at: Time,
    description: z.string(),
    provider: z.string().nullable().openapi({ description: "Slug of the provider that served." }),
    model: z.string().nullable().openapi({ description: "Catalogue id that served." }),
    metadata: JsonObject,
  })
  .openapi("Transaction") satisfies z.ZodType<TransactionView>;

export const CreditInput = z
  .object({
    amount_nano_usd: NanoUsd.openapi({ example: 25_000_000_000 }),
    reason: z.string().openapi({ example: "Invoice 2026-118" }),
    expires_at: Time.optional(),
  })
  .openapi("CreditInput");

export const RequestReceipt = z
  .object({
    id: z.string(),
    state: z.enum(["held", "settled", "released", "expired"]),
    endpoint: z.string(),
    requested_model: z.string(),
    model: z.string().nullable(),
    provider: z.string().nullable(),
    key_id: z.string(),
    stream: z.boolean(),
    status: z.number().int().nullable().openapi({ description: "HTTP status that the client saw." }),
    error_code: z.string().nullable(),
    usage: z
      .record(z.string(), z.number())
      .readonly()
      .nullable()
      .openapi({ description: "Units by class; classes are disjoint." }),
    usage_quality: z.string().nullable().openapi({ description: "reported, clamped or estimated" }),
    price_version: z.string().nullable().openapi({ description: "The prices in force when the request began." }),
    minimum_applied: z.boolean().openapi({
      description: "It came to less than the minimum of its price version, and cost that.",
    }),
    credential_owner: z.enum(["platform", "company"]).nullable().openapi({
      description:
        "Whose provider key served: with `company` it was your own, the provider bills you, and the cost here is the fee alone.",
    }),
    markup_bps: z.number().int().openapi({
      description: "On what the provider takes, in basis points, as it was when the request began.",
    }),
    cost_nano_usd: NanoUsd.nullable(),
    held_nano_usd: NanoUsd,
    latency_ms: z.number().nullable(),
    time_to_first_token_ms: z.number().nullable(),
    client_disconnected: z.boolean(),
    cache: z.string().nullable(),
    client_request_id: z.string().nullable(),
    attempts: z.array(JsonObject).readonly(),
    created_at: Time,
    finished_at: Time.nullable(),
  })
  .openapi("Request") satisfies z.ZodType<RequestView>;
