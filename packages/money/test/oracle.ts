import type { PriceTable, PriceVersion } from "@aggregator/contracts/prices";
import type { Usage } from "@aggregator/contracts/usage";

/**
 * The charge by the words of the specification, in exact rationals and sharing no code with the
 * implementation: what each class costs, its fallbacks written out, the tier by all input tokens, no less
 * than the minimum of each request, the sum rounded up once.
 */
export function oracleCharge(
  usage: Usage,
  version: PriceVersion,
  markupBps: number,
): { costNanoUsd: bigint; priceNanoUsd: bigint } {
  const { input = 0, cached_input = 0, cache_write = 0, cache_write_5m = 0, cache_write_1h = 0 } = usage;
  const { input_audio = 0, cached_input_audio = 0, input_image = 0 } = usage;
  const text = input + cached_input + cache_write + cache_write_5m + cache_write_1h;
  const allInput = text + input_audio + cached_input_audio + input_image;
  const reached = version.tiers.filter((tier) => allInput > tier.aboveInputTokens).at(-1);
  const prices: PriceTable = { ...version.base, ...reached?.prices };
  const computed = picoUsd(usage, prices);
  const least = 1_000_000n * times(usage.request, prices.minimum);
  const picos = computed < least ? least : computed;
  return {
    costNanoUsd: roundUp(picos, 1_000_000n),
    priceNanoUsd: roundUp(picos * BigInt(10_000 + markupBps), 10_000_000_000n),
  };
}

/** Millionths of a nano-USD. */
function picoUsd(usage: Usage, prices: PriceTable): bigint {
  const inputPrice = prices.input;
  const outputPrice = prices.output;
  const writePrice = prices.cache_write ?? inputPrice;
  const audioPrice = prices.input_audio ?? inputPrice;
  const million = 1_000_000n;
  return (
    times(usage.input, inputPrice) +
    times(usage.cached_input, prices.cached_input ?? inputPrice) +
    times(usage.cache_write, writePrice) +
    times(usage.cache_write_5m, prices.cache_write_5m ?? writePrice) +
    times(usage.cache_write_1h, prices.cache_write_1h ?? writePrice) +
    times(usage.input_audio, audioPrice) +
    times(usage.cached_input_audio, prices.cached_input_audio ?? audioPrice) +
    times(usage.input_image, prices.input_image ?? inputPrice) +
    times(usage.output, outputPrice) +
    times(usage.reasoning, prices.reasoning ?? outputPrice) +
    times(usage.output_audio, prices.output_audio ?? outputPrice) +
    million * times(usage.request, prices.request ?? 0) +
    million * times(usage.image, prices.image ?? 0) +
    million * times(usage.audio_second, prices.audio_second ?? 0)
  );
}

function times(units: number | undefined, price: number | undefined): bigint {
  return units === undefined || price === undefined ? 0n : BigInt(units) * BigInt(price);
}

function roundUp(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  return numerator % denominator === 0n ? whole : whole + 1n;
}
