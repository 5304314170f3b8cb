import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  type BudgetView,
  type LowBalanceAlertView,
} from "@aggregator/contracts/budgets";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";

const Scope = z.enum(BUDGET_SCOPES);
const Period = z.enum(BUDGET_PERIODS).openapi({ description: "Calendar day or month in UTC, or all time." });

export const Budget = z
  .object({
    id: z.string().openapi({ description: "Made of what it limits.", example: "company.month" }),
    scope: Scope,
    scope_id: z.string().nullable().openapi({ description: "Id of the member or key; null for the company." }),
    period: Period,
    amount_nano_usd: NanoUsd,
    spent_nano_usd: NanoUsd.openapi({ description: "Posted in the present period." }),
    held_nano_usd: NanoUsd.openapi({ description: "Set aside for requests that are running." }),
    remaining_nano_usd: NanoUsd.openapi({ description: "What a new request may still cost at most." }),
    period_start: Time.nullable(),
    period_end: Time.nullable().openapi({ description: "When it begins anew; null for a lifetime budget." }),
    created_at: Time,
    updated_at: Time,
  })
  .openapi("Budget") satisfies z.ZodType<BudgetView>;

export const BudgetInput = z
  .object({
    scope: Scope,
    scope_id: z.string().optional().openapi({ description: "The member or key; absent for the company." }),
    period: Period,
    amount_nano_usd: NanoUsd.openapi({ example: 50_000_000_000 }),
  })
  .openapi("BudgetInput");

export const BudgetChange = z.object({ amount_nano_usd: NanoUsd }).openapi("BudgetChange");

export const LowBalanceAlert = z
  .object({
    thresholds_nano_usd: z
      .array(NanoUsd)
      .readonly()
      .openapi({ description: "Ascending; at most ten, none to hear nothing." }),
  })
  .openapi("LowBalanceAlert") satisfies z.ZodType<LowBalanceAlertView>;
