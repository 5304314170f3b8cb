import type { PriceVersion } from "@aggregator/contracts/prices";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { isPriced, priceOfClass } from "@aggregator/money/resolve-price";
import type { PlanErrorCode } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import type { Candidate, ModelCandidates } from "./candidate.ts";
import type { EffectivePreferences, PriceLimits } from "./preferences.ts";
import { needsCredential } from "./provider-defaults.ts";

export type PlanFailure = ErrorValue & { readonly code: PlanErrorCode };

/** A candidate that may serve: it has prices. */
export type Admitted = Candidate & { readonly price: PriceVersion };

/** What a key allows; null = everything. */
export interface KeyBounds {
  readonly allowedModels: readonly string[] | null;
  readonly allowedProviders: readonly string[] | null;
}

/**
 * The candidates of one model that may serve the request, in no order. A model without prices is
 * refused, never free. `permission_denied`: the key does not allow the model or any provider of it;
 * `model_not_priced`; `no_endpoint_available`: what is left is switched off, has no credential or is
 * excluded by preferences.
 */
export function admitCandidates(
  { model, candidates }: ModelCandidates,
  bounds: KeyBounds,
  preferences: EffectivePreferences,
): Result<readonly Admitted[], PlanFailure> {
  if (bounds.allowedModels !== null && !bounds.allowedModels.includes(model)) {
    return err("permission_denied", "This key may not use this model.", { param: "model" });
  }
  const { allowedProviders } = bounds;
  const allowed = candidates.filter(({ provider }) => allowedProviders?.includes(provider) ?? true);
  if (allowed.length === 0 && candidates.length > 0) {
    return err("permission_denied", "This key may not use any provider of this model.", { param: "model" });
  }
  const usable = allowed.filter(isUsable);
  const priced = usable.filter(hasPrice);
  if (priced.length === 0) return usable.length > 0 || !allowed.some(hasPrice) ? notPriced() : notAvailable();
  const wanted = priced.filter((candidate) => isWanted(candidate, preferences));
  return wanted.length === 0 ? notAvailable() : ok(wanted);
}

function isUsable(candidate: Candidate): boolean {
  return candidate.isEnabled && (candidate.credential !== null || !needsCredential(candidate.kind));
}

function hasPrice(candidate: Candidate): candidate is Admitted {
  return candidate.price !== null && isPriced(candidate.price.base);
}

function isWanted(candidate: Admitted, preferences: EffectivePreferences): boolean {
  const { only, ignore, order, allowFallbacks } = preferences;
  if (only !== null && !only.has(candidate.provider)) return false;
  if (ignore.has(candidate.provider)) return false;
  if (!allowFallbacks && order.length > 0 && !order.includes(candidate.provider)) return false;
  if (preferences.denyDataCollection && candidate.collectsData) return false;
  return isWithin(candidate.price, preferences.maxPrice);
}

/** By base prices: which tier applies is known only from the input. */
function isWithin({ base }: PriceVersion, limits: PriceLimits): boolean {
  const holds = (limit: number | null, price: number | null) => limit === null || (price !== null && price <= limit);
  return (
    holds(limits.prompt, priceOfClass(base, "input")) &&
    holds(limits.completion, priceOfClass(base, "output")) &&
    holds(limits.request, priceOfClass(base, "request"))
  );
}

function notPriced() {
  return err("model_not_priced", "This model has no price and cannot be used.", { param: "model" });
}

function notAvailable() {
  return err("no_endpoint_available", "No endpoint can serve this model now.");
}
