import type { PriceTable, PriceVersion } from "@aggregator/contracts/prices";
import { TOKEN_CLASSES, type TokenClass } from "@aggregator/contracts/usage";
import { chargeOf } from "./charge.ts";
import { priceOfClass } from "./resolve-price.ts";

export interface UsageBound {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly images?: number;
  readonly audioSeconds?: number;
}

const INPUT_SIDE: ReadonlySet<TokenClass> = new Set([
  "input",
  "cached_input",
  "cache_write",
  "cache_write_5m",
  "cache_write_1h",
  "input_audio",
  "cached_input_audio",
  "input_image",
]);

/**
 * The most that a request within `bound` can be charged at these prices, before markup: every input token in its dearest
 * class, every output token likewise, in the dearest table that the input can reach.
 */
export function worstCaseNanoUsd(bound: UsageBound, version: PriceVersion): number {
  const reachable = version.tiers.filter((tier) => bound.inputTokens > tier.aboveInputTokens);
  const tables: PriceTable[] = [version.base, ...reachable.map((tier) => ({ ...version.base, ...tier.prices }))];
  return Math.max(...tables.map((table) => worstCaseInTable(bound, table, version)));
}

function worstCaseInTable(bound: UsageBound, table: PriceTable, { id, feeBps }: PriceVersion): number {
  const dearest = (isInput: boolean) =>
    Math.max(
      ...TOKEN_CLASSES.filter((name) => INPUT_SIDE.has(name) === isInput).map((name) => priceOfClass(table, name) ?? 0),
    );
  const flat: PriceVersion = {
    id,
    base: { ...table, input: dearest(true), output: dearest(false) },
    tiers: [],
    ...(feeBps === undefined ? {} : { feeBps }),
  };
  const usage = {
    input: bound.inputTokens,
    output: bound.outputTokens,
    request: 1,
    image: bound.images ?? 0,
    audio_second: bound.audioSeconds ?? 0,
  };
  return chargeOf(usage, flat).priceNanoUsd;
}
