import type { PriceVersion } from "@aggregator/contracts/prices";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { EndpointRefusal } from "@aggregator/contracts/routing-admin";
import { isPriced, priceOfClass } from "@aggregator/money/resolve-price";
import type { PlanErrorCode } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import type { Candidate } from "./candidate.ts";
import type { EffectivePreferences, PriceLimits } from "./preferences.ts";
import { needsCredential } from "./provider-defaults.ts";
import type { WantedModel } from "./resolve-aliases.ts";

export type PlanFailure = ErrorValue & { readonly code: PlanErrorCode };

/** A candidate that may serve: it has prices. */
export type Admitted = Candidate & { readonly price: PriceVersion };

/** What a key allows; null = everything. */
export interface KeyBounds {
  readonly allowedModels: readonly string[] | null;
  readonly allowedProviders: readonly string[] | null;
}

/** Whether a candidate may serve a request, and if not, why. */
export type Verdict =
  | { readonly candidate: Admitted; readonly refusal: null }
  | { readonly candidate: Candidate; readonly refusal: EndpointRefusal };

/** Reasons that come before it is asked whether there is a price. */
const BEFORE_PRICE: ReadonlySet<EndpointRefusal | null> = new Set<EndpointRefusal>([
  "provider_not_allowed",
  "switched_off",
  "no_credential",
]);

/** Each candidate of a model with whether it may serve, and why not. Pure. */
export function judgeCandidates(
  candidates: readonly Candidate[],
  { allowedProviders }: Pick<KeyBounds, "allowedProviders">,
  preferences: EffectivePreferences,
): readonly Verdict[] {
  return candidates.map((candidate): Verdict => {
    if (allowedProviders?.includes(candidate.provider) === false) return { candidate, refusal: "provider_not_allowed" };
    if (!candidate.isEnabled) return { candidate, refusal: "switched_off" };
    if (candidate.credential === null && needsCredential(candidate.kind)) {
      return { candidate, refusal: "no_credential" };
    }
    if (!hasPrice(candidate)) return { candidate, refusal: "not_priced" };
    const refusal = unwantedBy(candidate, preferences);
    return refusal === null ? { candidate, refusal } : { candidate, refusal };
  });
}

/** Whether the key allows the model, by its own name or by an alias that was asked for. */
export function isModelAllowed(
  { model, askedAs }: WantedModel,
  { allowedModels }: Pick<KeyBounds, "allowedModels">,
): boolean {
  return allowedModels === null || [model, ...askedAs].some((name) => allowedModels.includes(name));
}

/**
 * The candidates of one model that may serve the request, in no order. A model without prices is
 * refused, never free. `permission_denied`: the key allows neither the model nor an alias that was asked
 * for, or no provider of it; `model_not_priced`; `no_endpoint_available`: what is left is switched off,
 * has no credential or is excluded by preferences.
 */
export function admitCandidates(
  wanted: WantedModel,
  candidates: readonly Candidate[],
  bounds: KeyBounds,
  preferences: EffectivePreferences,
): Result<readonly Admitted[], PlanFailure> {
  if (!isModelAllowed(wanted, bounds)) {
    return err("permission_denied", "This key may not use this model.", { param: "model" });
  }
  const verdicts = judgeCandidates(candidates, bounds, preferences);
  const admitted = verdicts.flatMap((verdict) => (verdict.refusal === null ? [verdict.candidate] : []));
  if (admitted.length > 0) return ok(admitted);
  const allowed = verdicts.filter(({ refusal }) => refusal !== "provider_not_allowed");
  if (allowed.length === 0 && candidates.length > 0) {
    return err("permission_denied", "This key may not use any provider of this model.", { param: "model" });
  }
  const usable = allowed.filter(({ refusal }) => !BEFORE_PRICE.has(refusal));
  const isUnpriced =
    usable.length === 0
      ? !allowed.some(({ candidate }) => hasPrice(candidate))
      : usable.every(({ refusal }) => refusal === "not_priced");
  return isUnpriced ? notPriced() : notAvailable();
}

function hasPrice(candidate: Candidate): candidate is Admitted {
  return candidate.price !== null && isPriced(candidate.price.base);
}

function unwantedBy(candidate: Admitted, preferences: EffectivePreferences): EndpointRefusal | null {
  const { only, ignore, order, allowFallbacks } = preferences;
  if (only !== null && !only.has(candidate.provider)) return "not_in_only";
  if (ignore.has(candidate.provider)) return "ignored";
  if (!allowFallbacks && order.length > 0 && !order.includes(candidate.provider)) return "not_in_order";
  if (preferences.denyDataCollection && candidate.collectsData) return "collects_data";
  return isWithin(candidate.price, preferences.maxPrice) ? null : "above_max_price";
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
