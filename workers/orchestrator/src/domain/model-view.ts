import type { EndpointView, ModelView } from "@aggregator/contracts/orchestrator";
import type { ModelRow, PricedEndpoint } from "../db/models.ts";
import { pricesView } from "./prices.ts";

/** A model as operators see it, with what `endpoints` it has now. */
export function modelView(model: ModelRow, endpoints: readonly PricedEndpoint[]): ModelView {
  return {
    id: model.id,
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    strategy: model.strategy,
    sticky: model.isSticky,
    endpoints: endpoints.filter(({ endpoint }) => endpoint.modelId === model.id).map(endpointView),
    created_at: new Date(model.createdAtMs).toISOString(),
    updated_at: new Date(model.updatedAtMs).toISOString(),
  };
}

function endpointView({ endpoint, price }: PricedEndpoint): EndpointView {
  const prices = price === null ? null : pricesView(price);
  return {
    id: endpoint.id,
    provider: endpoint.providerSlug,
    upstream_model: endpoint.upstreamModel,
    enabled: endpoint.enabled,
    weight: endpoint.weight,
    prices,
    price_version: prices === null ? null : (price?.id ?? null),
  };
}
