import type { Plan, PlannedEndpoint, PlanRequest } from "@aggregator/contracts/orchestrator";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { parseInput } from "@aggregator/runtime/parse-input";
import type { Call } from "../call.ts";
import type { PlanFailure } from "../domain/admit-candidates.ts";
import { healthIdOf } from "../domain/health-id.ts";
import type { Ordered } from "../domain/order-candidates.ts";
import { planEndpoints } from "../domain/plan-endpoints.ts";
import { PlanRequestInput } from "../domain/plan-request.ts";
import { readRouting, readRules } from "./read-routing.ts";

/**
 * Which endpoints can serve a request, in the order to try, with prices and opened credentials. Reads the
 * catalogue and what the company says at most once each, and not at all what this isolate read within the
 * last second. Fails closed: no price, no plan; a credential that does not open takes its endpoint out.
 */
export async function plan(call: Call, input: PlanRequest): Promise<Result<Plan, PlanFailure>> {
  const parsed = parseInput(PlanRequestInput, input);
  if (!parsed.ok) return err("invalid_request", parsed.error.message);
  const { models, companyId } = parsed.value;
  const [facts, rules] = await Promise.all([readRouting(call, models, companyId), readRules(call, models, companyId)]);
  const ordered = planEndpoints(parsed.value, facts);
  if (!ordered.ok) return ordered;
  const endpoints: PlannedEndpoint[] = [];
  for (const candidate of ordered.value.candidates) {
    const endpoint = await openEndpoint(call, candidate);
    if (endpoint !== null) endpoints.push(endpoint);
  }
  if (endpoints.length === 0) return err("no_endpoint_available", "No endpoint can serve this model now.");
  const { allowFallbacks } = ordered.value;
  return ok(rules.length === 0 ? { endpoints, allowFallbacks } : { endpoints, allowFallbacks, rules });
}

async function openEndpoint(call: Call, candidate: Ordered): Promise<PlannedEndpoint | null> {
  const { credential, owner, isEnabled: _, isOnForOwnKeys: __, collectsData: ___, priority: ____, ...rest } = candidate;
  if (credential === null) {
    return { ...rest, credential: { id: healthIdOf(candidate), secret: null, owner } };
  }
  try {
    const secret = await call.secrets.open(credential, call.secretBox);
    return { ...rest, credential: { id: healthIdOf(candidate), secret, owner } };
  } catch (error) {
    call.log.error("credential_does_not_open", {
      ...correlation(call.context),
      ...defectFields(error),
      provider: candidate.provider,
    });
    return null;
  }
}
