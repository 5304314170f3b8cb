import type { Actor } from "@aggregator/contracts/actor";
import type { BudgetView } from "@aggregator/contracts/budgets";
import { type Answer, changed } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { parseBudgetId } from "../domain/budget-owner.ts";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { accountOf } from "./account-of.ts";
import { BudgetChange, NO_SUCH_BUDGET } from "./budget-input.ts";

/** Changes what a budget admits, from the next request on; running ones keep their holds. Needs `budgets:manage`; `not_found`. */
export async function updateBudget(
  env: Env,
  actor: Actor,
  id: string,
  input: unknown,
  keyed: Keyed,
): Answer<BudgetView> {
  const allowed = requirePermission(actor, "budgets:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(BudgetChange, input);
  if (!parsed.ok) return parsed;
  const name = parseBudgetId(id);
  if (name === null) return NO_SUCH_BUDGET;
  const once = keyedBy(actor, `updateBudget/${id}`, input, keyed);
  return runOnce<BudgetView>(openDatabase(env.DB), once, async () => {
    const account = accountOf(env, actor);
    const before = await account.budget(name);
    if (!before.ok) return before;
    const { amount_nano_usd: amount } = parsed.value;
    const after = await account.changeBudget(name, amount);
    if (!after.ok) return after;
    const { amount_nano_usd: was } = before.value;
    return changed(after.value, differenceOf({ amount_nano_usd: was }, { amount_nano_usd: amount }));
  });
}
