import type { PlanRequest } from "@aggregator/contracts/orchestrator";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { admitCandidates, type PlanFailure } from "./admit-candidates.ts";
import type { ModelCandidates } from "./candidate.ts";
import { orderCandidates, type Ordered } from "./order-candidates.ts";
import type { CompanyRouting } from "./company-routing.ts";
import { withOwnCredentials } from "./own-credentials.ts";
import { type EffectivePreferences, mergePreferences } from "./preferences.ts";
import { resolveAliases } from "./resolve-aliases.ts";

export interface OrderedEndpoints {
  /** Never empty. */
  readonly candidates: readonly Ordered[];
  readonly allowFallbacks: boolean;
}

/** What routing knows beside the request. */
export interface RoutingFacts {
  readonly catalogue: ReadonlyMap<string, ModelCandidates>;
  /** What names stand for that no model has. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly company: CompanyRouting;
  /** Share of the usual price that a request with a company's own key costs, in basis points. */
  readonly byokFeeBps: number;
}

/**
 * Endpoints for a request in the order to try: the requested model's first, then those of its fallback
 * models; an alias is the models that it stands for. A model that cannot serve is passed by; when none can, the failure is that of the model that
 * was asked for. Pure.
 */
export function planEndpoints(
  request: Pick<PlanRequest, "models" | "preferences" | "allowedModels" | "allowedProviders">,
  { catalogue, aliases, company, byokFeeBps }: RoutingFacts,
): Result<OrderedEndpoints, PlanFailure> {
  const preferences = preferencesOf(request, company);
  const candidates: Ordered[] = [];
  let failure: PlanFailure | null = null;
  for (const wanted of resolveAliases(request.models, (name) => catalogue.has(name), aliases)) {
    const known = catalogue.get(wanted.model);
    if (known === undefined) {
      failure ??= noSuchModel(wanted.model).error;
      continue;
    }
    const own = withOwnCredentials(known.candidates, company.credentials, byokFeeBps);
    const admitted = admitCandidates(wanted, own, request, preferences);
    // Groups of different models are never one: each begins above all before it.
    if (admitted.ok) candidates.push(...orderCandidates(admitted.value, preferences, known, candidates.length));
    else failure ??= admitted.error;
  }
  if (candidates.length > 0) {
    // With an order and without fallbacks the list is already what was named: all of it may be tried.
    return ok({ candidates, allowFallbacks: preferences.allowFallbacks || preferences.order.length > 0 });
  }
  return failure === null
    ? err("invalid_request", "model: is required", { param: "model" })
    : { ok: false, error: failure };
}

/** What the request (with its key) and the company want, made one. */
export function preferencesOf(
  request: Pick<PlanRequest, "preferences">,
  company: CompanyRouting,
): EffectivePreferences {
  return mergePreferences(
    company.preferences === null ? request.preferences : [...request.preferences, company.preferences],
  );
}

/** The id is the client's own text: shown in full it is as long as it was sent, so it is cut. */
function noSuchModel(model: string) {
  return err("model_not_found", `The model ${JSON.stringify(model.slice(0, 200))} does not exist.`, { param: "model" });
}
