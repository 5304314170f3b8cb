import type { TokenClass, Usage, UsageQuality } from "@aggregator/contracts/usage";
import type { PieceSize } from "../endpoints/inference-request.ts";
import type { ReportedCounts } from "./reported-counts.ts";

/** What the model can do at most; beyond it nobody is believed. */
export interface UsageCeiling {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Our own count, for what was not reported. */
export interface UsageEstimate {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface MeteredUsage {
  readonly usage: Usage;
  readonly quality: UsageQuality;
}

/**
 * Disjoint usage classes of what a provider reported. Believed up to `ceiling`, above it clamped;
 * missing, negative, fractional or no number: estimated; an explicit 0 is believed. The quality is the
 * worst of all parts.
 */
export function classifyUsage(counts: ReportedCounts, ceiling: UsageCeiling, estimate: UsageEstimate): MeteredUsage {
  const side = new QualityTracker();
  const input = side.total(counts.input, ceiling.inputTokens, estimate.inputTokens);
  const output = side.total(counts.output, ceiling.outputTokens, estimate.outputTokens);
  const usage: Partial<Record<TokenClass, number>> = {};
  usage.input = side.split(usage, input, [
    ["cached_input", counts.cachedInput],
    ["cached_input_audio", counts.cachedInputAudio],
    ["cache_write_5m", counts.cacheWrite5m],
    ["cache_write_1h", counts.cacheWrite1h],
    ["cache_write", counts.cacheWrite],
    ["input_audio", counts.inputAudio],
    ["input_image", counts.inputImage],
  ]);
  usage.output = side.split(usage, output, [
    ["reasoning", counts.reasoning],
    ["output_audio", counts.outputAudio],
  ]);
  return { usage, quality: side.quality };
}

/** The usage of a request of which nothing was reported. */
export function estimatedUsage(estimate: UsageEstimate): MeteredUsage {
  return { usage: { input: estimate.inputTokens, output: estimate.outputTokens }, quality: "estimated" };
}

/**
 * Adds what is counted by the piece: pictures as reported up to those asked for; seconds of sound as
 * reported up to what the file can hold, or our estimate.
 */
export function addPieces(metered: MeteredUsage, counts: ReportedCounts | null, pieces: PieceSize): MeteredUsage {
  const side = new QualityTracker(metered.quality);
  const usage: { -readonly [Name in keyof Usage]: Usage[Name] } = { ...metered.usage };
  if (pieces.images > 0) usage.image = side.total(counts?.images, pieces.images, pieces.images);
  if (pieces.maxAudioSeconds > 0) {
    usage.audio_second = side.total(counts?.audioSeconds, pieces.maxAudioSeconds, pieces.likelyAudioSeconds);
  }
  return { usage, quality: side.quality };
}

class QualityTracker {
  quality: UsageQuality;

  constructor(quality: UsageQuality = "reported") {
    this.quality = quality;
  }

  /** A side's total: as reported, clamped, or our estimate. */
  total(value: unknown, ceiling: number, estimate: number): number {
    if (!isCount(value)) {
      this.quality = "estimated";
      return Math.min(estimate, ceiling);
    }
    return this.#atMost(value, ceiling);
  }

  /** Moves the reported shares out of `total` into their classes; returns what is left. */
  split(
    usage: Partial<Record<TokenClass, number>>,
    total: number,
    shares: readonly (readonly [TokenClass, unknown])[],
  ): number {
    let rest = total;
    for (const [name, value] of shares) {
      if (value === undefined || value === null || value === 0) continue;
      if (!isCount(value)) {
        this.#lower("clamped");
        continue;
      }
      const share = this.#atMost(value, rest);
      if (share > 0) usage[name] = share;
      rest -= share;
    }
    return rest;
  }

  #atMost(value: number, ceiling: number): number {
    if (value <= ceiling) return value;
    this.#lower("clamped");
    return ceiling;
  }

  #lower(quality: UsageQuality): void {
    if (this.quality === "reported") this.quality = quality;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
