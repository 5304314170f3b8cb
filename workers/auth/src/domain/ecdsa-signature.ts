const SEQUENCE = 0x30;
const INTEGER = 0x02;
const P256_BYTES = 32;

/**
 * An ECDSA signature over P-256 as WebCrypto takes it (r and s, 32 bytes each), from its DER form
 * (RFC 3279 2.2.3: SEQUENCE of two INTEGERs); null when it is none.
 */
export function p256SignatureOfDer(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (der[0] !== SEQUENCE || der[1] !== der.length - 2) return null;
  const r = integerAt(der, 2);
  if (r === null) return null;
  const s = integerAt(der, r.end);
  if (s === null || s.end !== der.length) return null;
  const raw = new Uint8Array(2 * P256_BYTES);
  raw.set(r.bytes, P256_BYTES - r.bytes.length);
  raw.set(s.bytes, 2 * P256_BYTES - s.bytes.length);
  return raw;
}

function integerAt(der: Uint8Array, at: number): { readonly bytes: Uint8Array; readonly end: number } | null {
  const length = der[at + 1];
  if (der[at] !== INTEGER || length === undefined || length === 0 || length > P256_BYTES + 1) return null;
  const end = at + 2 + length;
  if (end > der.length) return null;
  let start = at + 2;
  // A leading zero only keeps the sign positive.
  if (length > 1 && der[start] === 0) start += 1;
  return end - start > P256_BYTES ? null : { bytes: der.subarray(start, end), end };
}
