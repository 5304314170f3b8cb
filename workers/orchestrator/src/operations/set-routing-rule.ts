import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { RoutingRuleView } from "@aggregator/contracts/routing-admin";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { countRoutingRules, findRoutingRule, MAX_RULES, putRoutingRule } from "../db/routing-rules.ts";
import { Slug } from "../domain/fields.ts";
import { RoutingRuleInput, routingRuleView } from "../domain/routing-rule.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/** Makes a rule or replaces it. Operators only. `permission_denied`, `invalid_request` naming the field. */
export async function setRoutingRule(call: Call, actor: Actor, id: string, input: unknown): Answer<RoutingRuleView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (!Slug.safeParse(id).success) {
    return err("invalid_request", "id: must be 1 to 64 of a-z, 0-9, dot, dash and underscore", { param: "id" });
  }
  const parsed = parseInput(RoutingRuleInput, input);
  if (!parsed.ok) return parsed;
  const before = await findRoutingRule(call.db, id);
  if (before === undefined && (await countRoutingRules(call.db)) >= MAX_RULES) {
    return err("invalid_request", `There are ${MAX_RULES} rules already.`);
  }
  const times = { createdAtMs: before?.createdAtMs ?? call.nowMs, updatedAtMs: call.nowMs };
  const row = { id, ...parsed.value, ...times };
  await changeCatalogue(call, [putRoutingRule(call.db, row)]);
  return ok(routingRuleView(row));
}
