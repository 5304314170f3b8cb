/**
 * A provider's usage before it is believed: raw values in one shape for all wires. `input` is all input
 * and `output` all output; the others are shares of them. Absent or null: not reported.
 */
export interface ReportedCounts {
  readonly input: unknown;
  readonly cachedInput?: unknown;
  readonly cachedInputAudio?: unknown;
  readonly cacheWrite?: unknown;
  readonly cacheWrite5m?: unknown;
  readonly cacheWrite1h?: unknown;
  readonly inputAudio?: unknown;
  readonly inputImage?: unknown;
  readonly output: unknown;
  readonly reasoning?: unknown;
  readonly outputAudio?: unknown;
  /** Pieces, not tokens. */
  readonly images?: unknown;
  readonly audioSeconds?: unknown;
}
