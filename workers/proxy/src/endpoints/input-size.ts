import type { InputSize } from "./inference-request.ts";
import { isObject } from "./read-field.ts";

/**
 * Bound per image whatever its size: vendors scale images down before they count them (OpenAI tiles,
 * Anthropic about 1,600 to 4,800, Gemini 258 per tile).
 */
const MAX_TOKENS_PER_IMAGE = 16_384;
const LIKELY_TOKENS_PER_IMAGE = 1_000;
/** Audio is about 10 tokens a second; the thinnest codecs carry a second in some 800 characters of base64. */
const AUDIO_CHARACTERS_PER_TOKEN = 64;
/** Something the provider fetches or has: unknown here, so the context window bounds it. */
const UNBOUNDED = 100_000_000;
/** Share of text bytes that is a token in ordinary English. */
export const BYTES_PER_TOKEN = 4;

/**
 * Size of a request's input from its bytes: every text byte is at most one token; media count by the
 * piece instead of by their base64. `roots` are the parsed members that can hold media.
 */
export function measureInput(bodyBytes: number, roots: readonly unknown[]): InputSize {
  const media: MediaSize = { characters: 0, maxTokens: 0, likelyTokens: 0 };
  for (const root of roots) addMedia(root, media);
  const textBytes = Math.max(0, bodyBytes - media.characters);
  return {
    maxTokens: textBytes + media.maxTokens,
    likelyTokens: Math.ceil(textBytes / BYTES_PER_TOKEN) + media.likelyTokens,
  };
}

interface MediaSize {
  /** Characters of the body that are media, not text. */
  characters: number;
  maxTokens: number;
  likelyTokens: number;
}

function addMedia(value: unknown, size: MediaSize): void {
  if (Array.isArray(value)) {
    for (const item of value) addMedia(item, size);
    return;
  }
  if (!isObject(value)) return;
  switch (value["type"]) {
    case "image_url":
    case "input_image":
    case "image":
      addImage(longestText(value), size);
      return;
    case "input_audio":
      addAudio(longestText(value), size);
      return;
    case "file":
    case "input_file":
    case "document":
    case "video_url":
      addFile(longestText(value), size);
      return;
    default:
  }
  if (value["content"] !== undefined) addMedia(value["content"], size);
}

function addImage(characters: number, size: MediaSize): void {
  size.characters += characters;
  size.maxTokens += MAX_TOKENS_PER_IMAGE;
  size.likelyTokens += LIKELY_TOKENS_PER_IMAGE;
}

function addAudio(characters: number, size: MediaSize): void {
  size.characters += characters;
  const tokens = Math.ceil(characters / AUDIO_CHARACTERS_PER_TOKEN);
  size.maxTokens += tokens;
  size.likelyTokens += tokens;
}

function addFile(characters: number, size: MediaSize): void {
  size.characters += characters;
  size.maxTokens += characters > 1_000 ? characters : UNBOUNDED;
  size.likelyTokens += Math.ceil(characters / 16);
}

/** Length of the longest string anywhere in a part: its data, not its labels. */
function longestText(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((longest, item) => Math.max(longest, longestText(item)), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((longest, item) => Math.max(longest, longestText(item)), 0);
}
