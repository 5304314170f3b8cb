/** A unit vector from a text: the same text always gives the same one. */
export function embed(text: string, dimensions: number): readonly number[] {
  let state = seedOf(text);
  const raw = Array.from({ length: dimensions }, () => {
    // Numerical Recipes' linear congruential generator: plenty for a vector that means nothing.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const norm = Math.hypot(...raw) || 1;
  return raw.map((value) => value / norm);
}

/** Little-endian 32-bit floats in base64, as `encoding_format: "base64"` wants them. */
export function toBase64(vector: readonly number[]): string {
  const bytes = new Uint8Array(new Float32Array(vector).buffer);
  return btoa(String.fromCharCode(...bytes));
}

/** FNV-1a. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
