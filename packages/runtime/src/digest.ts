/** Lower-case hexadecimal SHA-256 of a UTF-8 string: how tokens are stored and looked up. */
export async function sha256Hex(text: string): Promise<string> {
  return sha256HexOfBytes(new TextEncoder().encode(text));
}

/** The same of bytes. */
export async function sha256HexOfBytes(bytes: BufferSource): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", bytes));
}

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** By a table: on the hot path (every inference request's key) the formatting cost more than the digest. */
function toHex(buffer: ArrayBuffer): string {
  let hex = "";
  for (const byte of new Uint8Array(buffer)) hex += HEX_OF_BYTE[byte];
  return hex;
}
