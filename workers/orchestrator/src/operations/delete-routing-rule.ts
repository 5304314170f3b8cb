import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { deleteRoutingRuleRow, findRoutingRule } from "../db/routing-rules.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/** Removes a rule. Operators only. `permission_denied`, `not_found`. */
export async function deleteRoutingRule(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if ((await findRoutingRule(call.db, id)) === undefined) {
    return err("not_found", "There is no such rule.");
  }
  await changeCatalogue(call, [deleteRoutingRuleRow(call.db, id)]);
  return ok();
}
