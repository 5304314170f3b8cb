const MAX_LENGTH = 1_000;
/** Shapes of credentials that providers quote in their errors: `sk-…`, `AIza…`, `Bearer …`, `key: …`. */
const CREDENTIALS = [
  /\b(?:sk|pk|rk|gsk|xai|key|api)[-_][A-Za-z0-9_\-*.]{6,}/gi,
  /\bAIza[A-Za-z0-9_-]{10,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/=*-]+/gi,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+/g,
];

/** A provider's text for a client's eyes: known secrets and what looks like one masked, at most 1,000 characters. */
export function maskSecrets(text: string, secrets: readonly (string | null)[]): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret !== null && secret.length >= 4) masked = masked.replaceAll(secret, "[masked]");
  }
  for (const pattern of CREDENTIALS) masked = masked.replace(pattern, "[masked]");
  return masked.length > MAX_LENGTH ? `${masked.slice(0, MAX_LENGTH - 1)}…` : masked;
}
