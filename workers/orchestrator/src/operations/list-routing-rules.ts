import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { RoutingRuleView } from "@aggregator/contracts/routing-admin";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectRoutingRules } from "../db/routing-rules.ts";
import { routingRuleView } from "../domain/routing-rule.ts";

/** All rules in the order in which they are applied: there are few. Operators only. `permission_denied`. */
export async function listRoutingRules(call: Call, actor: Actor): Answer<readonly RoutingRuleView[]> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  return ok((await selectRoutingRules(call.db)).map(routingRuleView));
}
