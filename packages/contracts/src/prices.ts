import { PIECE_CLASSES, TOKEN_CLASSES, type TokenClass } from "./usage.ts";

/** What a price table may say: a price for each usage class, and the least that a request comes to. */
export const PRICE_NAMES = [...TOKEN_CLASSES, ...PIECE_CLASSES, "minimum"] as const;
export type PriceName = (typeof PRICE_NAMES)[number];

/**
 * Integer nano-USD: per million units for token classes, per piece for `request`, `image` and
 * `audio_second`. A class without its own price takes its parent's (PRICE_PARENTS), never zero.
 * `minimum`: a request that comes to less comes to this, before fee and markup.
 */
export type PriceTable = Readonly<Partial<Record<PriceName, number>>>;

/** Above this many input tokens (cached ones counted) the whole request is priced by `prices`. */
export interface PriceTier {
  readonly aboveInputTokens: number;
  readonly prices: PriceTable;
}

/** One effective-dated version of an endpoint's prices; a reservation pins it by `id`. */
export interface PriceVersion {
  readonly id: string;
  readonly base: PriceTable;
  /** Ascending by `aboveInputTokens`. */
  readonly tiers: readonly PriceTier[];
  /**
   * The company's own credential pays the provider: the platform takes this share of what the usage would
   * have cost, in basis points, and bears no cost. Absent: the platform pays.
   */
  readonly feeBps?: number;
}

export const PRICE_PARENTS: Readonly<Partial<Record<TokenClass, TokenClass>>> = {
  cached_input: "input",
  cache_write: "input",
  cache_write_5m: "cache_write",
  cache_write_1h: "cache_write",
  reasoning: "output",
  input_audio: "input",
  cached_input_audio: "input_audio",
  output_audio: "output",
  input_image: "input",
};

export interface PriceTierView {
  readonly above_input_tokens: number;
  readonly prices: Readonly<Record<string, string>>;
}

/** USD as decimal strings by price class, and `tiers` where the price depends on the size of the input. */
export type PricesView = Readonly<Record<string, string | readonly PriceTierView[]>>;
