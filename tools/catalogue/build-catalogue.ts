import { type ConditionalPrice, findProvider, type MatchLogic, type ModelInfo } from "@pydantic/genai-prices";
import { convertPrices, type DecimalPrices } from "./convert-prices.ts";
import { outputLimitOf, type Vendor, VENDORS } from "./vendors.ts";

/** Prices from a day on (UTC, `YYYY-MM-DD`; null: from the start), null when they cannot be said. */
export interface DatedPrices {
  readonly active_from: string | null;
  readonly prices: DecimalPrices | null;
}

export interface CatalogueEndpoint {
  readonly provider: string;
  readonly upstream_model: string;
  /** Ascending; the last whose day has come is in force. */
  readonly price_versions: readonly DatedPrices[];
}

export interface CatalogueModel {
  readonly id: string;
  readonly context_window: number | null;
  readonly max_output_tokens: number | null;
  readonly endpoints: readonly CatalogueEndpoint[];
}

interface Offer {
  readonly id: string;
  readonly vendor: Vendor;
  readonly contextWindow: number | null;
  readonly versions: readonly DatedPrices[];
}

/**
 * Models and prices of `@pydantic/genai-prices`, by id. Ids are the vendors' own: bare for OpenAI,
 * Anthropic and Google (`gpt-4o`), with a slash for what OpenRouter sells (`openai/gpt-4o`). Where both
 * sell one model, each id has both endpoints, so that one stands in for the other. Deterministic: the
 * same package gives the same list.
 */
export function buildCatalogue(): readonly CatalogueModel[] {
  const offers = VENDORS.flatMap(offersOf);
  const twins = twinsOf(offers);
  return offers
    .map((offer): CatalogueModel => {
      const twin = twins.get(offer);
      const both = twin === undefined ? [offer] : [offer, twin];
      return {
        id: offer.id,
        context_window: both.find(({ contextWindow }) => contextWindow !== null)?.contextWindow ?? null,
        max_output_tokens: outputLimitOf(both.find(({ vendor }) => vendor.openRouterPrefix !== null)?.id ?? ""),
        endpoints: both.map(({ vendor, id, versions }) => ({
          provider: vendor.slug,
          upstream_model: id,
          price_versions: versions,
        })),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function offersOf(vendor: Vendor): Offer[] {
  const models = findProvider({ providerId: vendor.bookId })?.models ?? [];
  const offers = new Map<string, Offer>();
  for (const model of models) {
    if (model.deprecated === true) continue;
    for (const id of idsOf(model, vendor)) {
      if (!vendor.sells(id) || offers.has(id)) continue;
      offers.set(id, { id, vendor, contextWindow: model.context_window ?? null, versions: versionsOf(id, model) });
    }
  }
  return [...offers.values()];
}

/** The model's id, what it is called at a date (`gpt-4o-2024-11-20`), and documented snapshots that it matches. */
function idsOf(model: ModelInfo, vendor: Vendor): readonly string[] {
  const snapshots = vendor.snapshots.filter((id) => matches(model.match, id));
  if (vendor.openRouterPrefix === null) return [model.id];
  return [model.id, ...namesIn(model.match).filter((name) => name.startsWith(`${model.id}-`)), ...snapshots];
}

function namesIn(match: MatchLogic): readonly string[] {
  if ("equals" in match) return [match.equals];
  return "or" in match ? match.or.flatMap(namesIn) : [];
}

function matches(match: MatchLogic, id: string): boolean {
  if ("equals" in match) return id === match.equals;
  if ("starts_with" in match) return id.startsWith(match.starts_with);
  if ("ends_with" in match) return id.endsWith(match.ends_with);
  if ("contains" in match) return id.includes(match.contains);
  if ("regex" in match) return new RegExp(match.regex).test(id);
  return "or" in match ? match.or.some((part) => matches(part, id)) : match.and.every((part) => matches(part, id));
}

/** A price by the hour of the day cannot be pinned when a request is reserved: such a model is unpriced. */
function versionsOf(id: string, { prices }: ModelInfo): readonly DatedPrices[] {
  if (!Array.isArray(prices)) return [{ active_from: null, prices: convertPrices(id, prices) }];
  const dates = prices.map(startOf);
  if (dates.includes(undefined)) return [{ active_from: null, prices: null }];
  return prices.map((entry) => ({ active_from: startOf(entry) ?? null, prices: convertPrices(id, entry.prices) }));
}

/** undefined: not a date. */
function startOf({ constraint }: ConditionalPrice): string | null | undefined {
  if (constraint === undefined) return null;
  return constraint.type === "start_date" ? constraint.start_date : undefined;
}

/** Which offers are the same model under two names: first-party, and OpenRouter's. */
function twinsOf(offers: readonly Offer[]): ReadonlyMap<Offer, Offer> {
  const sold = new Map(
    offers.filter(({ vendor }) => vendor.openRouterPrefix === null).map((offer) => [canonical(offer.id), offer]),
  );
  const twins = new Map<Offer, Offer>();
  for (const offer of offers) {
    const { openRouterPrefix } = offer.vendor;
    const resold = openRouterPrefix === null ? undefined : sold.get(canonical(openRouterPrefix + offer.id));
    if (resold === undefined || twins.has(resold)) continue;
    twins.set(offer, resold);
    twins.set(resold, offer);
  }
  return twins;
}

/** OpenRouter writes versions of Claude with a dot where Anthropic has a dash, and neither says "latest". */
function canonical(id: string): string {
  if (!id.startsWith("anthropic/")) return id;
  return id.replaceAll(".", "-").replace(/-(?:latest|0)$/, "");
}
