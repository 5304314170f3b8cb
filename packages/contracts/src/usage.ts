/**
 * Disjoint usage classes: a unit is counted in exactly one class and all classes sum to what the
 * provider reported. Whole units; absent means "not reported" and is never read as zero by a meter.
 */
export const TOKEN_CLASSES = [
  "input",
  "cached_input",
  "cache_write",
  "cache_write_5m",
  "cache_write_1h",
  "output",
  "reasoning",
  "input_audio",
  "cached_input_audio",
  "output_audio",
  "input_image",
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** Units that are priced by the piece, not per million. */
export const PIECE_CLASSES = ["request", "image", "audio_second"] as const;
export type PieceClass = (typeof PIECE_CLASSES)[number];

export type UsageClass = TokenClass | PieceClass;
export type Usage = Readonly<Partial<Record<UsageClass, number>>>;

/** How far the recorded usage can be trusted: as the provider said, cut to what the model can do, or our estimate. */
export type UsageQuality = "reported" | "clamped" | "estimated";
