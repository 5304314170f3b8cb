import type { RoutingRule } from "@aggregator/contracts/routing";
import { applyRules, isMatch, type RuleFacts } from "./apply-rules.ts";

/** The order to try, and the endpoint that gets a copy of the request; null: none does. */
export interface Shadowed<Endpoint> {
  readonly endpoints: readonly Endpoint[];
  readonly shadow: Endpoint | null;
}

/** What shadowing needs of a planned endpoint. */
export interface Shadowable {
  readonly provider: string;
  readonly model: string;
  readonly credential: { readonly owner: "platform" | "company" };
}

/**
 * Endpoints as the rules leave them (`applyRules`), less the provider that the last matching rule with a
 * `shadow` puts on trial: it serves nothing, and gets a copy of `percent` of the requests (`draw` in
 * 0..100 decides), of the first endpoint's model alone. What rules or preferences forbid is not in the
 * list and so gets no copy; neither does a company's own key pay for one. A provider on trial that is the
 * only one left serves. Pure.
 */
export function takeShadow<Endpoint extends Shadowable>(
  endpoints: readonly Endpoint[],
  rules: readonly RoutingRule[],
  facts: RuleFacts,
  draw: number,
): Shadowed<Endpoint> {
  const ruled = applyRules(endpoints, rules, facts);
  const trial = rules.findLast(({ match, effect }) => effect.shadow !== undefined && isMatch(match, facts))?.effect
    .shadow;
  if (trial === undefined) return { endpoints: ruled, shadow: null };
  const isOnTrial = ({ provider, credential }: Endpoint) =>
    provider === trial.provider && credential.owner === "platform";
  const serving = ruled.filter((endpoint) => !isOnTrial(endpoint));
  const [first] = serving;
  if (first === undefined) return { endpoints: ruled, shadow: null };
  const shadow = ruled.find((endpoint) => isOnTrial(endpoint) && endpoint.model === first.model) ?? null;
  return { endpoints: serving, shadow: draw < trial.percent ? shadow : null };
}
