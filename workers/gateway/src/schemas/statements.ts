import type {
  ReferralView,
  StatementLine as StatementLineView,
  StatementView,
  StripeFindingView,
} from "@aggregator/contracts/payments";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";

const Signed = NanoUsd.openapi({ description: "Signed: charges are negative." });
const Usd = z.string().openapi({ description: "The same in USD, nine decimals." });

const StatementLine = z
  .object({
    kind: z.string().openapi({ example: "charge" }),
    model: z.string().nullable(),
    key_id: z.string().nullable(),
    entries: z.number().int(),
    amount_nano_usd: Signed,
  })
  .openapi("StatementLine") satisfies z.ZodType<StatementLineView>;

export const Statement = z
  .object({
    month: z.string().openapi({ description: "UTC", example: "2026-11" }),
    company_id: z.string(),
    is_closed: z.boolean().openapi({ description: "False while the month runs: it still changes." }),
    opening_nano_usd: NanoUsd,
    credits_nano_usd: NanoUsd,
    charges_nano_usd: Signed,
    closing_nano_usd: NanoUsd,
    opening: Usd,
    closing: Usd,
    lines: z.array(StatementLine).readonly().openapi({ description: "Opening and lines add up to closing, exactly." }),
  })
  .openapi("Statement") satisfies z.ZodType<StatementView>;

export const Referral = z
  .object({
    company_id: z.string().openapi({ description: "The company that was brought." }),
    status: z.enum(["pending", "active", "void"]),
    commission_bps: z.number().int().nullable(),
    earned_nano_usd: NanoUsd,
    ends_at: Time.nullable(),
    created_at: Time,
  })
  .openapi("Referral") satisfies z.ZodType<ReferralView>;

export const StripeFinding = z
  .object({
    id: z.string(),
    day: z.string().openapi({ description: "UTC", example: "2026-11-23" }),
    kind: z.string().openapi({ description: "unknown_payment, not_credited, amount_differs or missing_at_stripe" }),
    company_id: z.string().nullable(),
    payment_id: z.string().nullable(),
    reference: z.string().openapi({ description: "Stripe's id of what differs." }),
    currency: z.string(),
    expected_minor: z.number().int(),
    found_minor: z.number().int(),
  })
  .openapi("StripeFinding") satisfies z.ZodType<StripeFindingView>;

export const DayInput = z.object({ day: z.string().openapi({ example: "2026-11-23" }) }).openapi("DayInput");
