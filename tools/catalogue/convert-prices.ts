import type { ModelPrice } from "@pydantic/genai-prices";
import type { UsageClass } from "../../packages/contracts/src/usage.ts";

/** Prices as `POST /v1/admin/models` takes them: USD as decimal strings. */
export type DecimalPrices = Readonly<Partial<Record<UsageClass, string>>> & {
  readonly tiers?: readonly {
    readonly above_input_tokens: number;
    readonly prices: Readonly<Partial<Record<UsageClass, string>>>;
  }[];
};

const CLASSES: Readonly<Record<string, UsageClass>> = {
  input_mtok: "input",
  cache_read_mtok: "cached_input",
  cache_write_mtok: "cache_write",
  cache_write_1h_mtok: "cache_write_1h",
  output_mtok: "output",
  output_reasoning_mtok: "reasoning",
  input_audio_mtok: "input_audio",
  cache_audio_read_mtok: "cached_input_audio",
  output_audio_mtok: "output_audio",
  input_image_mtok: "input_image",
};

/** Billed apart from tokens or already in another entry: `audio_hours` repeats `input_audio_hours`. */
const WITHOUT_CLASS = new Set([
  "web_searches_kcount",
  "storage_searches_kcount",
  "cache_image_read_mtok",
  "audio_hours",
  "input_audio_hours",
]);

const NANO_PER_USD = 1e9;
const SECONDS_PER_HOUR = 3_600;

/**
 * The book's prices in our classes. null when they cannot be said exactly: no input or output price, or a
 * unit that no class stands for (images or video out) and that would be billed as cheaper text. Such a
 * model stays in the catalogue, unpriced, so that calls are refused and not sold below cost.
 */
export function convertPrices(id: string, book: ModelPrice): DecimalPrices | null {
  if (isFree(id, book)) return { input: "0", output: "0" };
  const entries = Object.entries(book).filter(([, price]) => price !== undefined);
  if (entries.some(([name]) => CLASSES[name] === undefined && !WITHOUT_CLASS.has(name))) return null;
  if (lacksItsMedium(id, book)) return null;
  const hourly = book["input_audio_hours"];
  if (typeof hourly === "number" && book["input_mtok"] === undefined) {
    return { input: "0", output: "0", audio_second: decimal(hourly / SECONDS_PER_HOUR) };
  }
  if (book["input_mtok"] === undefined) return null;
  if (book["output_mtok"] === undefined && !id.includes("embedding")) return null;
  // An embedding puts out no tokens; said, since a missing price means that there is none.
  return withTiers({ ...(book["output_mtok"] === undefined ? { output: "0" } : {}), ...tableAt(book, 0) }, book);
}

/** OpenRouter marks what is free by the id; OpenAI does not bill moderation. An empty entry alone says nothing. */
function isFree(id: string, book: ModelPrice): boolean {
  return Object.keys(book).length === 0 && (id.endsWith(":free") || id.startsWith("omni-moderation"));
}

/**
 * Audio and images cost many times what text does; where the book has only the price of text for a model
 * that is named for them, it is not what they cost. (`gpt-image-…`: its text price is that of images.)
 */
function lacksItsMedium(id: string, book: ModelPrice): boolean {
  if (/-audio|realtime|-live/.test(id)) return book["input_audio_mtok"] === undefined;
  return /-image/.test(id) && !id.startsWith("gpt-image");
}

function withTiers(base: DecimalPrices, book: ModelPrice): DecimalPrices {
  const starts = Object.values(book).flatMap((price) =>
    typeof price === "object" ? price.tiers.map(({ start }) => start) : [],
  );
  const tiers = [...new Set(starts)]
    .sort((a, b) => a - b)
    .map((start) => ({ above_input_tokens: start, prices: tableAt(onlyTiered(book), start + 1) }));
  return tiers.length === 0 ? base : { ...base, tiers };
}

function onlyTiered(book: ModelPrice): ModelPrice {
  return Object.fromEntries(Object.entries(book).filter(([, price]) => typeof price === "object"));
}

/** Every class that has a price, at this many input tokens; the book's tiers begin above their `start`. */
function tableAt(book: ModelPrice, inputTokens: number): Partial<Record<UsageClass, string>> {
  const table: Partial<Record<UsageClass, string>> = {};
  for (const [name, price] of Object.entries(book)) {
    const own = CLASSES[name];
    if (own === undefined || price === undefined) continue;
    if (typeof price === "number") table[own] = decimal(price);
    else
      table[own] = decimal(price.tiers.reduce((at, tier) => (inputTokens > tier.start ? tier.price : at), price.base));
  }
  return table;
}

/** To whole nano-USD: the book's doubles carry noise far below that. */
function decimal(usd: number): string {
  const nano = Math.round(usd * NANO_PER_USD);
  const digits = String(nano).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, "");
}
