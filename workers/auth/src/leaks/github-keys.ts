import { z } from "zod";
import { p256SignatureOfDer } from "../domain/ecdsa-signature.ts";

const TIMEOUT_MS = 3_000;
const FRESH_MS = 3_600_000;
/** A report that names an unknown key makes an isolate ask again, at most this often. */
const REREAD_MS = 60_000;

const PublicKeys = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })).max(100),
});

interface Loaded {
  readonly url: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly atMs: number;
}
/** Of this isolate: values, never a promise, which would belong to the request that made it. */
let loaded: Loaded | null = null;

/**
 * Whether GitHub signed the body with the key that it names (ECDSA P-256 over SHA-256, DER in base64).
 * https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program
 * Throws when GitHub's list of keys cannot be read: then nothing is known.
 */
export async function isSignedByGitHub(
  url: string,
  report: { readonly body: string; readonly keyId: string; readonly signature: string },
  nowMs: number,
): Promise<boolean> {
  const pem = await publicKeyOf(url, report.keyId, nowMs);
  const signature = bytesOf(report.signature);
  const raw = signature === null ? null : p256SignatureOfDer(signature);
  if (pem === undefined || raw === null) return false;
  const body = new TextEncoder().encode(report.body);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, await importKey(pem), raw, body);
}

async function publicKeyOf(url: string, keyId: string, nowMs: number): Promise<string | undefined> {
  const known = loaded?.url === url ? loaded : null;
  const maxAgeMs = known?.keys.has(keyId) === true ? FRESH_MS : REREAD_MS;
  if (known !== null && nowMs - known.atMs < maxAgeMs) return known.keys.get(keyId);
  const keys = await readKeys(url);
  loaded = { url, keys, atMs: nowMs };
  return keys.get(keyId);
}

async function readKeys(url: string): Promise<ReadonlyMap<string, string>> {
  const response = await fetch(url, {
    headers: { accept: "application/json", "user-agent": "ai-aggregator" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error("GitHub's keys cannot be read");
  const { public_keys: keys } = PublicKeys.parse(await response.json());
  return new Map(keys.map(({ key_identifier: id, key }) => [id, key]));
}

/** GitHub's own list: a key that cannot be read is a defect, not a bad report. */
async function importKey(pem: string): Promise<CryptoKey> {
  const spki = bytesOf(pem.replaceAll(/-----[A-Z ]+-----|\s/g, ""));
  if (spki === null) throw new Error("GitHub's key is not PEM");
  return crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
