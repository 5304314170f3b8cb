import type { Plan, PlannedEndpoint, PlanRequest } from "@aggregator/contracts/orchestrator";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { parseInput } from "@aggregator/runtime/parse-input";
import type { Call } from "../call.ts";
import { loadCandidates } from "../db/load-candidates.ts";
import type { Admitted, PlanFailure } from "../domain/admit-candidates.ts";
import type { ModelCandidates } from "../domain/candidate.ts";
import { planEndpoints } from "../domain/plan-endpoints.ts";
import { PlanRequestInput } from "../domain/plan-request.ts";

/**
 * Which endpoints can serve a request, in the order to try, with prices and opened credentials. Reads the
 * catalogue at most once, and not at all when this isolate read the models within the last second. Fails
 * closed: no price, no plan; a credential that does not open takes its endpoint out.
 */
export async function plan(call: Call, input: PlanRequest): Promise<Result<Plan, PlanFailure>> {
  const parsed = parseInput(PlanRequestInput, input);
  if (!parsed.ok) return err("invalid_request", parsed.error.message);
  const catalogue = await readCatalogue(call, parsed.value.models);
  const ordered = planEndpoints(parsed.value, catalogue);
  if (!ordered.ok) return ordered;
  const endpoints: PlannedEndpoint[] = [];
  for (const candidate of ordered.value.candidates) {
    const endpoint = await openEndpoint(call, candidate);
    if (endpoint !== null) endpoints.push(endpoint);
  }
  if (endpoints.length === 0) return err("no_endpoint_available", "No endpoint can serve this model now.");
  return ok({ endpoints, allowFallbacks: ordered.value.allowFallbacks });
}

async function readCatalogue(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, ModelCandidates>> {
  const found = new Map<string, ModelCandidates>();
  for (const id of new Set(ids)) {
    const known = call.catalogue.get(id, call.nowMs);
    if (known !== undefined) found.set(id, known);
  }
  const missing = [...new Set(ids)].filter((id) => !found.has(id));
  for (const [id, loaded] of await loadCandidates(call.db, missing, call.nowMs)) {
    call.catalogue.put(loaded, call.nowMs);
    found.set(id, loaded);
  }
  return found;
}

async function openEndpoint(call: Call, candidate: Admitted): Promise<PlannedEndpoint | null> {
  const { credential, isEnabled: _, collectsData: __, priority: ___, ...rest } = candidate;
  if (credential === null)
    return { ...rest, credential: { id: `keyless:${candidate.provider}`, secret: null, owner: "platform" } };
  try {
    const secret = await call.secrets.open(credential, call.secretBox);
    return { ...rest, credential: { id: credential.id, secret, owner: "platform" } };
  } catch (error) {
    call.log.error("credential_does_not_open", {
      ...correlation(call.context),
      ...defectFields(error),
      provider: candidate.provider,
    });
    return null;
  }
}
