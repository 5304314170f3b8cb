import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { PricesView } from "./prices.ts";
import type { CircuitState } from "./provider-health.ts";
import type { Answer } from "./result.ts";
import type { RoutingRule, RoutingStrategy } from "./routing.ts";

/** A name that clients may ask for, and the models that it stands for, in the order to try. */
export interface ModelAliasView {
  readonly id: string;
  readonly models: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
}

/** A rule as operators see it. */
export interface RoutingRuleView extends RoutingRule {
  /** Lower is applied first. */
  readonly position: number;
  readonly enabled: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Why an endpoint is passed by, the first reason that holds: the key's bounds, the catalogue, preferences. */
export const ENDPOINT_REFUSALS = [
  "provider_not_allowed",
  "switched_off",
  "no_credential",
  "not_priced",
  "not_in_only",
  "ignored",
  "not_in_order",
  "collects_data",
  "above_max_price",
] as const;
export type EndpointRefusal = (typeof ENDPOINT_REFUSALS)[number];

/**
 * What put an endpoint behind the one before it. `model`: that one's model is asked for before its own;
 * `strategy`: nothing yet, each request decides anew between the two.
 */
export const PLACEMENTS = ["first", "model", "order", "own_key", "strategy", "priority", "price", "name"] as const;
export type Placement = (typeof PLACEMENTS)[number];

export interface ExplainedModelView {
  readonly id: string;
  /** The names in the request that led to it. */
  readonly asked_as: readonly string[];
  readonly refusal: "model_not_found" | "model_not_allowed" | null;
}

/** As all isolates share it; each knows more of what it saw itself. */
export interface ExplainedHealthView {
  readonly state: CircuitState;
  readonly share: number;
  readonly open_until: string | null;
  /** The platform's credential is set aside until then. */
  readonly credential_set_aside_until: string | null;
}

export interface ExplainedEndpointView {
  readonly endpoint: string;
  readonly provider: string;
  readonly upstream_model: string;
  readonly model: string;
  readonly credential: "platform" | "company";
  /** Place in the order to try, from 1; null: passed by. */
  readonly position: number | null;
  readonly placed_by: Placement | null;
  readonly refusal: EndpointRefusal | null;
  readonly strategy: RoutingStrategy;
  readonly sticky: boolean;
  readonly priority: number;
  readonly weight: number;
  readonly prices: PricesView | null;
  readonly price_version: string | null;
  /** null: not known now. */
  readonly health: ExplainedHealthView | null;
}

export interface RoutingExplanationView {
  readonly models: readonly ExplainedModelView[];
  /** Whether more than the first may be tried. */
  readonly allow_fallbacks: boolean;
  /** What the request would be answered; null: it would be tried. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Rules for these models and this company: what a request carries decides whether they move its endpoints. */
  readonly rules: readonly RoutingRule[];
  /** Those to try in their order, then those that are passed by. */
  readonly endpoints: readonly ExplainedEndpointView[];
}

/** How operators steer requests. All need `actor.platformAdmin`; changes are in force within 5 s everywhere. */
export interface RoutingAdminApi {
  listModelAliases(context: CallContext, actor: Actor, query: unknown): Answer<Page<ModelAliasView>>;
  getModelAlias(context: CallContext, actor: Actor, id: string): Answer<ModelAliasView>;
  /** Makes or replaces it. `invalid_request` naming a model that is not there, `already_exists` for a model's id. */
  setModelAlias(context: CallContext, actor: Actor, id: string, input: unknown): Answer<ModelAliasView>;
  deleteModelAlias(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** In the order in which they are applied. */
  listRoutingRules(context: CallContext, actor: Actor): Answer<readonly RoutingRuleView[]>;
  /** Makes or replaces it. `invalid_request` naming the field. */
  setRoutingRule(context: CallContext, actor: Actor, id: string, input: unknown): Answer<RoutingRuleView>;
  deleteRoutingRule(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** The order for a request, and why: nothing is called, and no secret is shown. */
  explainRouting(context: CallContext, actor: Actor, input: unknown): Answer<RoutingExplanationView>;
}
