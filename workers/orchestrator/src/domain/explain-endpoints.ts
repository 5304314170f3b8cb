import type { PlanRequest } from "@aggregator/contracts/orchestrator";
import type { Result } from "@aggregator/contracts/result";
import type { EndpointRefusal, ExplainedModelView, Placement } from "@aggregator/contracts/routing-admin";
import type { RoutingStrategy } from "@aggregator/contracts/routing";
import { isModelAllowed, judgeCandidates, type PlanFailure } from "./admit-candidates.ts";
import type { Candidate } from "./candidate.ts";
import { placementOf, strategyOf } from "./order-candidates.ts";
import { withOwnCredentials } from "./own-credentials.ts";
import { type OrderedEndpoints, planEndpoints, preferencesOf, type RoutingFacts } from "./plan-endpoints.ts";
import { resolveAliases } from "./resolve-aliases.ts";

/** An endpoint with its place in the order, or with why it has none. */
export interface ExplainedEndpoint {
  readonly candidate: Candidate;
  readonly placement: Placement | null;
  readonly refusal: EndpointRefusal | null;
  readonly strategy: RoutingStrategy;
  readonly isSticky: boolean;
}

export interface Explanation {
  readonly planned: Result<OrderedEndpoints, PlanFailure>;
  readonly models: readonly ExplainedModelView[];
  /** Those to try in their order, then those that are passed by. */
  readonly endpoints: readonly ExplainedEndpoint[];
}

/** The order that `planEndpoints` gives a request, and why each endpoint stands in it or does not. Pure. */
export function explainEndpoints(
  request: Pick<PlanRequest, "models" | "preferences" | "allowedModels" | "allowedProviders">,
  facts: RoutingFacts,
): Explanation {
  const { catalogue, aliases, company, byokFeeBps } = facts;
  const preferences = preferencesOf(request, company);
  const planned = planEndpoints(request, facts);
  const wanted = resolveAliases(request.models, (name) => catalogue.has(name), aliases);
  const models = wanted.map((item): ExplainedModelView => {
    const isKnown = catalogue.has(item.model);
    const refusal = isModelAllowed(item, request) ? null : "model_not_allowed";
    return { id: item.model, asked_as: item.askedAs, refusal: isKnown ? refusal : "model_not_found" };
  });
  const sharingOf = (model: string) => catalogue.get(model) ?? { strategy: "priority", isSticky: false };
  const explain = (candidate: Candidate, placement: Placement | null, refusal: EndpointRefusal | null) => {
    const sharing = sharingOf(candidate.model);
    const strategy = strategyOf(preferences.sort, sharing);
    return { candidate, placement, refusal, strategy, isSticky: sharing.isSticky };
  };
  const ordered = planned.ok ? planned.value.candidates : [];
  const tried = ordered.map((candidate, at) =>
    explain(candidate, placementOf(ordered[at - 1], candidate, preferences, sharingOf(candidate.model)), null),
  );
  const passedBy = models.flatMap(({ id, refusal: modelRefusal }) => {
    const candidates = modelRefusal === null ? (catalogue.get(id)?.candidates ?? []) : [];
    const own = withOwnCredentials(candidates, company.credentials, byokFeeBps);
    return judgeCandidates(own, request, preferences).flatMap(({ candidate, refusal }) =>
      refusal === null ? [] : [explain(candidate, null, refusal)],
    );
  });
  return { planned, models, endpoints: [...tried, ...passedBy] };
}
