const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Largest multiple of 62 that a byte reaches: bytes above it would favour the first digits. */
const FAIR = 248;

/** Fills an array with random bytes, as `crypto.getRandomValues`. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
const fillRandom: FillRandom = (bytes) => crypto.getRandomValues(bytes);

/** `length` random digits, each equally likely: 5.95 bits per digit. */
export function randomBase62(length: number, fill: FillRandom = fillRandom): string {
  let text = "";
  while (text.length < length) {
    for (const byte of fill(new Uint8Array(length))) {
      if (byte < FAIR && text.length < length) text += DIGITS.charAt(byte % 62);
    }
  }
  return text;
}

/** A whole number in base 62, padded with zeros to `length`. */
export function toBase62(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62)) text = DIGITS.charAt(rest % 62) + text;
  return text;
}
