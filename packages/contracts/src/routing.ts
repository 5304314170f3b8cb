/**
 * How the endpoints of a model share its requests. `priority`: the provider's priority, then the price.
 * `weighted`: by weight, chance decided by the request's id. `cheapest`. `fastest`: by what was measured,
 * `fastest_first_token` or `fastest_throughput`. `least_loaded`: by what is under way.
 */
export const ROUTING_STRATEGIES = [
  "priority",
  "weighted",
  "cheapest",
  "fastest_first_token",
  "fastest_throughput",
  "least_loaded",
] as const;
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number];

/** Endpoints that may change places for one request: those of one group, which stand together in the plan. */
export interface Spread {
  readonly group: number;
  readonly strategy: RoutingStrategy;
  readonly isSticky: boolean;
}

/** Which requests a rule is for; absent fields ask nothing, all that are there must hold. */
export interface RuleCondition {
  /** Catalogue ids that were asked for; `*` at the end stands for anything. */
  readonly models?: readonly string[] | undefined;
  readonly companies?: readonly string[] | undefined;
  /** Likely tokens of the input. */
  readonly min_input_tokens?: number | undefined;
  readonly max_input_tokens?: number | undefined;
  readonly has_tools?: boolean | undefined;
  /** Members of the body's `metadata`, each with this value. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Tags of the request's header `x-aggregator-tags`; it must carry all of them. */
  readonly tags?: readonly string[] | undefined;
}

/** A tag of the header `x-aggregator-tags`, and how many a request may carry. */
export const REQUEST_TAG = /^[A-Za-z0-9._:/-]{1,64}$/;
export const MAX_REQUEST_TAGS = 16;

/** A provider on trial: it serves nothing, and gets a copy of so many percent of the requests, at the platform's cost. */
export interface ShadowRule {
  readonly provider: string;
  readonly percent: number;
}

/** What a rule does: `only` and `ignore` take endpoints out, `prefer` puts them first among those of their model, in this order. Provider slugs. */
export interface RuleEffect {
  readonly only?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly prefer?: readonly string[] | undefined;
  readonly shadow?: ShadowRule | undefined;
}

export interface RoutingRule {
  readonly id: string;
  readonly name: string;
  readonly match: RuleCondition;
  readonly effect: RuleEffect;
}
