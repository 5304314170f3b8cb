import { MAX_NANO_USD } from "@aggregator/contracts/account";
import { BUDGET_PERIODS, BUDGET_SCOPES } from "@aggregator/contracts/budgets";
import { err } from "@aggregator/contracts/result";
import { z } from "zod";

const Amount = z.number().int().min(0).max(MAX_NANO_USD);

export const BudgetInput = z
  .strictObject({
    scope: z.enum(BUDGET_SCOPES),
    /** The member or key; absent for the company. */
    scope_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, "is not an id")
      .optional(),
    period: z.enum(BUDGET_PERIODS),
    amount_nano_usd: Amount,
  })
  .refine(({ scope, scope_id }) => (scope === "company") === (scope_id === undefined), {
    path: ["scope_id"],
    error: "name the member or key; a company's budget takes none",
  });

export const BudgetChange = z.strictObject({ amount_nano_usd: Amount });

export const LowBalanceInput = z.strictObject({
  thresholds_nano_usd: z
    .array(z.number().int().min(1).max(MAX_NANO_USD))
    .max(10)
    .transform((thresholds) => [...new Set(thresholds)].sort((a, b) => a - b)),
});

export const NO_SUCH_BUDGET = err("not_found", "There is no such budget.");
