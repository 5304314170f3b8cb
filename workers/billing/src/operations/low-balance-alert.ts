import type { Actor } from "@aggregator/contracts/actor";
import type { LowBalanceAlertView } from "@aggregator/contracts/budgets";
import { type Answer, changed, ok } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { accountOf } from "./account-of.ts";
import { LowBalanceInput } from "./budget-input.ts";

/** When the company is told that its money runs low. Needs `billing:read`. */
export async function getLowBalanceAlert(env: Env, actor: Actor): Answer<LowBalanceAlertView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  return ok({ thresholds_nano_usd: await accountOf(env, actor).lowBalanceThresholds() });
}

/** Sets it: at most ten thresholds, none to hear nothing. Needs `billing:manage`. */
export async function setLowBalanceAlert(
  env: Env,
  actor: Actor,
  input: unknown,
  keyed: Keyed,
): Answer<LowBalanceAlertView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(LowBalanceInput, input);
  if (!parsed.ok) return parsed;
  const thresholds = parsed.value.thresholds_nano_usd;
  const once = keyedBy(actor, "setLowBalanceAlert", input, keyed);
  return runOnce<LowBalanceAlertView>(openDatabase(env.DB), once, async () => {
    const account = accountOf(env, actor);
    const before = [...(await account.lowBalanceThresholds())];
    await account.setLowBalanceThresholds(thresholds);
    const view = { thresholds_nano_usd: thresholds };
    return changed(view, differenceOf({ thresholds_nano_usd: before }, view));
  });
}
