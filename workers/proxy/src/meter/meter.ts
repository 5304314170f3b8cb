import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { PriceTable, PriceVersion } from "@aggregator/contracts/prices";
import { chargeOf, type Charge } from "@aggregator/money/charge";
import { countInputTokens } from "@aggregator/money/resolve-price";
import type { ShownUsage } from "../adapters/adapter.ts";
import { usageCeiling } from "../domain/bound-request.ts";
import type { InferenceRequest, PieceSize } from "../endpoints/inference-request.ts";
import { addPieces, classifyUsage, estimatedUsage, type MeteredUsage } from "./classify-usage.ts";
import type { ReportedCounts } from "./reported-counts.ts";
import { estimateTokens } from "./text-size.ts";

/** Metered usage and what it costs at the endpoint that served. */
export interface MeteredCharge extends MeteredUsage, Charge {}

/** Watches one answer: what was produced, what was reported, what it costs. */
export class Meter {
  readonly #request: InferenceRequest;
  readonly #endpoint: PlannedEndpoint;
  readonly #markupBps: number;
  readonly #isPricedPerRequest: boolean;
  /** What this endpoint prices by the piece; null: nothing. */
  readonly #pieces: PieceSize | null;
  #producedBytes = 0;
  #producedPieces = 0;
  #reported: ReportedCounts | null = null;

  constructor(request: InferenceRequest, endpoint: PlannedEndpoint, markupBps: number) {
    this.#request = request;
    this.#endpoint = endpoint;
    this.#markupBps = markupBps;
    this.#isPricedPerRequest = isPricedPerRequest(endpoint.price);
    this.#pieces = request.pieces === null ? null : pricedPieces(request.pieces, endpoint.price.base);
  }

  /** Output passed by: its UTF-8 bytes, in so many pieces (deltas). */
  addProduced(bytes: number, pieces: number): void {
    this.#producedBytes += bytes;
    this.#producedPieces += pieces;
  }

  /** The provider reported; the last report counts. */
  report(counts: ReportedCounts): void {
    this.#reported = counts;
  }

  get hasReport(): boolean {
    return this.#reported !== null;
  }

  get estimatedOutputTokens(): number {
    return estimateTokens({ bytes: this.#producedBytes, pieces: this.#producedPieces });
  }

  /** The charge as things stand; estimated until the provider has reported. */
  charge(): MeteredCharge {
    const metered = this.#metered();
    return { ...metered, ...chargeOf(metered.usage, this.#endpoint.price, this.#markupBps) };
  }

  #metered(): MeteredUsage {
    if (this.#request.isFree) return { usage: {}, quality: "reported" };
    const tokens = this.#meteredTokens();
    const { usage, quality } = this.#pieces === null ? tokens : this.#meteredPieces(tokens, this.#pieces);
    return { usage: this.#isPricedPerRequest ? { ...usage, request: 1 } : usage, quality };
  }

  /** Where tokens cost nothing, a guess of them is no part of the bill. */
  #meteredPieces(tokens: MeteredUsage, pieces: PieceSize): MeteredUsage {
    const { input, output } = this.#endpoint.price.base;
    const isGuess = tokens.quality === "estimated" && input === 0 && output === 0;
    return addPieces(isGuess ? { usage: {}, quality: "reported" } : tokens, this.#reported, pieces);
  }

  #meteredTokens(): MeteredUsage {
    const ceiling = usageCeiling(this.#request, this.#endpoint);
    const estimate = {
      inputTokens: Math.min(this.#request.input.likelyTokens, ceiling.inputTokens),
      outputTokens: this.#request.producesOutput ? Math.min(this.estimatedOutputTokens, ceiling.outputTokens) : 0,
    };
    if (this.#reported === null) return estimatedUsage(estimate);
    const counts = this.#request.producesOutput ? this.#reported : { ...this.#reported, output: 0 };
    return classifyUsage(counts, ceiling, estimate);
  }
}

/** Whether the request itself is counted: by the piece, or for the least that it comes to. */
function isPricedPerRequest({ base, tiers }: PriceVersion): boolean {
  return countsRequest(base) || tiers.some(({ prices }) => countsRequest(prices));
}

function countsRequest({ request = 0, minimum = 0 }: PriceTable): boolean {
  return request > 0 || minimum > 0;
}

/** Pieces without a price are not counted: their tokens are what is billed. */
function pricedPieces(pieces: PieceSize, { image = 0, audio_second: second = 0 }: PriceTable): PieceSize | null {
  if (image === 0 && second === 0) return null;
  return {
    images: image === 0 ? 0 : pieces.images,
    maxAudioSeconds: second === 0 ? 0 : pieces.maxAudioSeconds,
    likelyAudioSeconds: second === 0 ? 0 : pieces.likelyAudioSeconds,
  };
}

/** A charge as the client's `usage` object shows it. */
export function shownUsage(charge: MeteredCharge): ShownUsage {
  const { usage } = charge;
  return {
    inputTokens: countInputTokens(usage),
    outputTokens: (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.output_audio ?? 0),
    cachedInputTokens: (usage.cached_input ?? 0) + (usage.cached_input_audio ?? 0),
    cacheWriteTokens: (usage.cache_write ?? 0) + (usage.cache_write_5m ?? 0) + (usage.cache_write_1h ?? 0),
    reasoningTokens: usage.reasoning ?? 0,
    priceNanoUsd: charge.priceNanoUsd,
  };
}
