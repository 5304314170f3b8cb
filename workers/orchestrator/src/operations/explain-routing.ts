import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderHealthView } from "@aggregator/contracts/provider-health";
import { type Answer, ok } from "@aggregator/contracts/result";
import type {
  ExplainedEndpointView,
  ExplainedHealthView,
  RoutingExplanationView,
} from "@aggregator/contracts/routing-admin";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { type ExplainedEndpoint, explainEndpoints } from "../domain/explain-endpoints.ts";
import { ExplainInput } from "../domain/explain-input.ts";
import { healthIdOf } from "../domain/health-id.ts";
import { pricesView } from "../domain/prices.ts";
import { readRouting, readRules } from "./read-routing.ts";

/**
 * The order in which a request's endpoints would be tried, and why; with those that are passed by, and
 * why. Nothing is called and nothing is opened. Operators only. `permission_denied`, `invalid_request`.
 */
export async function explainRouting(call: Call, actor: Actor, input: unknown): Answer<RoutingExplanationView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ExplainInput, input);
  if (!parsed.ok) return parsed;
  const { model, models = [], provider, key_preferences: keyPreferences } = parsed.value;
  const request = {
    models: [model, ...models],
    preferences: [provider, keyPreferences].filter((level) => level !== undefined),
    allowedModels: parsed.value.allowed_models ?? null,
    allowedProviders: parsed.value.allowed_providers ?? null,
  };
  const companyId = parsed.value.company_id ?? null;
  const [facts, rules] = await Promise.all([
    readRouting(call, request.models, companyId),
    readRules(call, request.models, companyId),
  ]);
  const { planned, models: explained, endpoints } = explainEndpoints(request, facts);
  const health = await readHealth(call, new Set(endpoints.map(({ candidate }) => candidate.provider)));
  return ok({
    models: explained,
    allow_fallbacks: planned.ok && planned.value.allowFallbacks,
    error: planned.ok ? null : { code: planned.error.code, message: planned.error.message },
    rules,
    endpoints: endpoints.map((endpoint, at) => endpointView(endpoint, at, health)),
  });
}

/** Of each provider, null where its object does not answer: the order is worth telling without it. */
async function readHealth(
  call: Call,
  providers: ReadonlySet<string>,
): Promise<ReadonlyMap<string, ProviderHealthView | null>> {
  const views = [...providers].map(async (provider): Promise<[string, ProviderHealthView | null]> => {
    try {
      return [provider, await call.providerHealth.getByName(provider).view(provider)];
    } catch (error) {
      call.log.warn("health_not_read", { ...correlation(call.context), ...defectFields(error), provider });
      return [provider, null];
    }
  });
  return new Map(await Promise.all(views));
}

function endpointView(
  { candidate, placement, refusal, strategy, isSticky }: ExplainedEndpoint,
  at: number,
  health: ReadonlyMap<string, ProviderHealthView | null>,
): ExplainedEndpointView {
  const known = health.get(candidate.provider) ?? null;
  const prices = candidate.price === null ? null : pricesView(candidate.price);
  return {
    endpoint: candidate.endpointId,
    provider: candidate.provider,
    upstream_model: candidate.upstreamModel,
    model: candidate.model,
    credential: candidate.owner,
    position: refusal === null ? at + 1 : null,
    placed_by: placement,
    refusal,
    strategy,
    sticky: isSticky,
    priority: candidate.priority,
    weight: candidate.weight,
    prices,
    price_version: prices === null ? null : (candidate.price?.id ?? null),
    health: known === null ? null : healthOf(candidate, known),
  };
}

/** An endpoint that the object has not heard of is well. */
function healthOf(
  candidate: ExplainedEndpoint["candidate"],
  { circuits, credentials }: ProviderHealthView,
): ExplainedHealthView {
  const circuit = circuits.find(({ endpoint }) => endpoint === candidate.endpointId);
  const setAside = credentials.find(({ credential }) => credential === healthIdOf(candidate));
  return {
    state: circuit?.state ?? "closed",
    share: circuit?.share ?? 1,
    open_until: circuit?.open_until ?? null,
    credential_set_aside_until: setAside?.until ?? null,
  };
}
