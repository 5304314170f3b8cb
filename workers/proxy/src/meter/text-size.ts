import { BYTES_PER_TOKEN } from "../endpoints/input-size.ts";

/** UTF-8 bytes of a string, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80) continue;
    // A surrogate pair is two units and four bytes: one more per unit; other units up to three bytes.
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Produced output where nobody counted tokens: bytes of text, and how many pieces it came in. */
export interface ProducedText {
  readonly bytes: number;
  readonly pieces: number;
}

/** Estimated tokens of produced text: bytes / 4, rounded up, and at least one per piece. */
export function estimateTokens(produced: ProducedText): number {
  return Math.max(Math.ceil(produced.bytes / BYTES_PER_TOKEN), produced.pieces);
}
