import { sha256Hex } from "./digest.ts";

/**
 * An id made of what names the row: the same wherever and however often it is made, so that writers that
 * do not know of each other agree on it. 128 bits of SHA-256 in hexadecimal.
 */
export async function naturalId(...parts: readonly string[]): Promise<string> {
  return (await sha256Hex(JSON.stringify(parts))).slice(0, 32);
}
