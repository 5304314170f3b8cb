import { err, ok, type Result } from "@aggregator/contracts/result";
import { naturalId } from "@aggregator/runtime/natural-id";
import type { Call } from "../call.ts";
import type { Statement } from "../db/client.ts";
import { type EndpointRow, removeEndpoints, upsertEndpoint } from "../db/endpoints.ts";
import { type PricedEndpoint, selectPricedEndpoints } from "../db/models.ts";
import { insertPrice, type PriceRow } from "../db/prices.ts";
import { selectProviderSlugs } from "../db/providers.ts";
import type { EndpointInput } from "../domain/model-input.ts";
import type { Prices } from "@aggregator/money/prices-input";
import { NO_PRICES, samePrices } from "../domain/prices.ts";

export interface EndpointsChange {
  readonly statements: readonly Statement[];
  /** What the model has once they have run. */
  readonly endpoints: readonly PricedEndpoint[];
}

/**
 * What makes `inputs` the whole list of a model's endpoints. An endpoint's id is made of model, provider
 * and upstream name, so one that stays or comes back is the same; prices that differ are a new version,
 * in force from now, and those before stay. `invalid_request` naming a provider that does not exist.
 */
export async function setEndpoints(
  call: Call,
  modelId: string,
  inputs: readonly EndpointInput[],
): Promise<Result<EndpointsChange>> {
  const known = await checkProviders(call, inputs);
  if (!known.ok) return known;
  const present = await selectPricedEndpoints(call.db, [modelId], call.nowMs);
  const wanted = await Promise.all(
    inputs.map((input, position) => wantedEndpoint(call, { modelId, input, position }, present)),
  );
  const kept = new Set(wanted.map(({ endpoint }) => endpoint.id));
  const gone = present.map(({ endpoint }) => endpoint.id).filter((id) => !kept.has(id));
  const newPrices = wanted.flatMap(({ price, isNewPrice }) => (price !== null && isNewPrice ? [price] : []));
  return ok({
    statements: [
      ...wanted.map(({ endpoint }) => upsertEndpoint(call.db, endpoint)),
      ...(gone.length > 0 ? [removeEndpoints(call.db, gone, call.nowMs)] : []),
      ...newPrices.map((price) => insertPrice(call.db, price)),
    ],
    endpoints: wanted,
  });
}

async function checkProviders(call: Call, inputs: readonly EndpointInput[]): Promise<Result<void>> {
  const slugs = await selectProviderSlugs(
    call.db,
    inputs.map(({ provider }) => provider),
  );
  for (const [index, { provider }] of inputs.entries()) {
    if (slugs.has(provider)) continue;
    const param = `endpoints.${index}.provider`;
    return err("invalid_request", `${param}: there is no such provider`, { param });
  }
  return ok();
}

async function wantedEndpoint(
  call: Call,
  { modelId, input, position }: { readonly modelId: string; readonly input: EndpointInput; readonly position: number },
  present: readonly PricedEndpoint[],
): Promise<PricedEndpoint & { readonly isNewPrice: boolean }> {
  const id = await naturalId("endpoint", modelId, input.provider, input.upstream_model);
  const before = present.find(({ endpoint }) => endpoint.id === id);
  const endpoint: EndpointRow = {
    id,
    modelId,
    providerSlug: input.provider,
    upstreamModel: input.upstream_model,
    enabled: input.enabled,
    weight: input.weight,
    position,
    removedAtMs: null,
    createdAtMs: before?.endpoint.createdAtMs ?? call.nowMs,
  };
  const old = before?.price ?? null;
  const prices = pricesAfter(input, old);
  if (old !== null && samePrices(prices, old)) return { endpoint, price: old, isNewPrice: false };
  return { endpoint, price: newVersion(call, id, prices), isNewPrice: true };
}

/** Also an endpoint that comes back without prices gets a version without any: what it had before is not in force again. */
function pricesAfter(input: EndpointInput, old: Prices | null): Prices {
  if (input.prices === undefined) return old ?? NO_PRICES;
  return input.prices ?? NO_PRICES;
}

function newVersion(call: Call, endpointId: string, prices: Prices): PriceRow {
  return {
    id: call.newId(),
    endpointId,
    base: prices.base,
    tiers: prices.tiers,
    source: "operator",
    activeFromMs: call.nowMs,
    createdAtMs: call.nowMs,
  };
}
