const encoder = new TextEncoder();
const BYTES_PER_TOKEN = 4;

/** The sandbox's token rule for what it is given: UTF-8 bytes / 4, rounded up. What it produces counts by the piece. */
export function countTokens(text: string): number {
  return Math.ceil(encoder.encode(text).byteLength / BYTES_PER_TOKEN);
}
