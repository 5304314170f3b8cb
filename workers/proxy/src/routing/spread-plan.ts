import type { Plan, PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { spreadEndpoints } from "@aggregator/runtime/spread-endpoints";
import { takeShadow, type Shadowed } from "@aggregator/runtime/take-shadow";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { conversationOf } from "./conversation-of.ts";
import { ruleFactsOf } from "./rule-facts.ts";
import { seenEndpoints } from "./seen-endpoints.ts";

/** The plan's endpoints in the order for this request, as rules leave them; the plan itself is shared by many. */
export function spreadPlan({ request, caller, context, tags }: InferenceCall, plan: Plan): Shadowed<PlannedEndpoint> {
  const isSticky = plan.endpoints.some(({ spread }) => spread?.isSticky === true);
  const conversation = isSticky ? conversationOf(caller.companyId, request.body) : null;
  const ordered = spreadEndpoints(plan.endpoints, { requestId: context.call.requestId, conversation }, seenEndpoints);
  const { endpoints, shadow } =
    plan.rules === undefined
      ? { endpoints: ordered, shadow: null }
      : takeShadow(ordered, plan.rules, ruleFactsOf(request, tags), Math.random() * 100);
  return { endpoints: plan.allowFallbacks ? endpoints : endpoints.slice(0, 1), shadow };
}

/** A request goes to its first endpoint: counts there until it is over, and then says how fast it was. */
export function watchEndpoint(call: InferenceCall, endpointId: string): void {
  const end = seenEndpoints.begin(endpointId);
  call.atEnd.push(() => {
    end();
    noteSpeed(call);
  });
}

function noteSpeed({ attempts, end }: InferenceCall): void {
  const last = attempts.at(-1);
  if (last?.outcome !== "success" || last.firstByteMs === null) return;
  const tokens = (end?.usage?.output ?? 0) + (end?.usage?.reasoning ?? 0);
  const seconds = last.durationMs / 1_000;
  const tokensPerSecond = tokens > 0 && seconds > 0 ? tokens / seconds : null;
  seenEndpoints.note(last.endpointId, { firstTokenMs: last.firstByteMs, tokensPerSecond });
}
