import type { RoutingRule, RuleCondition, RuleEffect } from "@aggregator/contracts/routing";

/** What rules ask of one request beyond its model and its company. */
export interface RuleFacts {
  readonly inputTokens: number;
  readonly hasTools: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly tags: readonly string[];
}

interface Ruled {
  readonly provider: string;
  readonly model: string;
}

/**
 * Endpoints as the rules that match the request leave them, each rule in its turn: `only` and `ignore`
 * take endpoints out, `prefer` puts those providers first among the endpoints of their model, so that no
 * rule serves a fallback model before the one that was asked for. May leave none. Pure.
 */
export function applyRules<Endpoint extends Ruled>(
  endpoints: readonly Endpoint[],
  rules: readonly RoutingRule[],
  facts: RuleFacts,
): readonly Endpoint[] {
  return rules
    .filter(({ match }) => isMatch(match, facts))
    .reduce<readonly Endpoint[]>((left, { effect }) => applyEffect(left, effect), endpoints);
}

/** Whether a rule is for the request, as far as its model and its company do not say it already. */
export function isMatch(match: RuleCondition, { inputTokens, hasTools, metadata, tags }: RuleFacts): boolean {
  if (match.min_input_tokens !== undefined && inputTokens < match.min_input_tokens) return false;
  if (match.max_input_tokens !== undefined && inputTokens > match.max_input_tokens) return false;
  if (match.has_tools !== undefined && hasTools !== match.has_tools) return false;
  if (match.tags !== undefined && !match.tags.every((tag) => tags.includes(tag))) return false;
  return Object.entries(match.metadata ?? {}).every(
    ([name, value]) => Object.hasOwn(metadata, name) && metadata[name] === value,
  );
}

function applyEffect<Endpoint extends Ruled>(
  endpoints: readonly Endpoint[],
  { only, ignore = [], prefer = [] }: RuleEffect,
): readonly Endpoint[] {
  const left = endpoints.filter(
    ({ provider }) => (only === undefined || only.includes(provider)) && !ignore.includes(provider),
  );
  if (prefer.length === 0) return left;
  const rankOf = ({ provider }: Endpoint) => (prefer.includes(provider) ? prefer.indexOf(provider) : prefer.length);
  // Equals stay in their order: sorting is stable.
  return [...Map.groupBy(left, ({ model }) => model).values()].flatMap((own) =>
    own.toSorted((a, b) => rankOf(a) - rankOf(b)),
  );
}
