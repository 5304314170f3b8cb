import { createSecretBox } from "@aggregator/runtime/secret-box";
import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Call } from "../call.ts";
import { insertFirstSigningKey, selectSigningKeys, type SigningKeyRow } from "../db/signing-keys.ts";

/** JWA name of Ed25519 in JWTs (RFC 8037). */
export const SIGNING_ALGORITHM = "EdDSA";
/** How long an isolate signs and verifies with what it read; a rotation reaches every isolate within it. */
const FRESH_MS = 60_000;
/** A token with an unknown `kid` makes an isolate read again, at most this often, so that made-up ones do not. */
const REREAD_MS = 5_000;

/** The keys that access tokens are signed and verified with, ready to use. */
export interface KeyRing {
  readonly signer: { readonly kid: string; readonly key: CryptoKey };
  readonly verifiers: ReadonlyMap<string, { readonly key: CryptoKey; readonly retiresAtMs: number | null }>;
  readonly publicKeys: readonly { readonly kid: string; readonly x: string }[];
  readonly loadedAtMs: number;
}

/** Of this isolate: values, never a promise, which would belong to the request that made it. */
let loaded: { readonly masterKey: string; readonly ring: KeyRing } | null = null;

/** The isolate's keys, read when older than a minute or, for `kid`, when it is not among them. Makes the first key. */
export async function openKeyRing(call: Call, kid: string | null = null): Promise<KeyRing> {
  const known = loaded?.masterKey === call.config.MASTER_KEY ? loaded.ring : null;
  if (known !== null) {
    const maxAgeMs = kid === null || known.verifiers.has(kid) ? FRESH_MS : REREAD_MS;
    if (call.nowMs - known.loadedAtMs < maxAgeMs) return known;
  }
  const ring = await loadKeyRing(call);
  loaded = { masterKey: call.config.MASTER_KEY, ring };
  return ring;
}

/** Forgets what the isolate read; after a rotation, which this isolate must not miss. */
export function forgetKeyRing(): void {
  loaded = null;
}

async function loadKeyRing(call: Call): Promise<KeyRing> {
  let rows = await selectSigningKeys(call.db, call.nowMs);
  if (!rows.some((row) => row.isActive)) {
    // Two isolates may both make a first key: the second insert does nothing, and both read the first's.
    await insertFirstSigningKey(call.db, await makeSigningKey(call));
    rows = await selectSigningKeys(call.db, call.nowMs);
  }
  const active = rows.find((row) => row.isActive);
  if (active === undefined) throw new Error("there is no active signing key");
  const box = await createSecretBox(call.config.MASTER_KEY);
  const privateJwk = parseJwk(await box.open(active.sealedPrivateJwk, boundTo(active.kid)));
  const verifiers = new Map<string, { key: CryptoKey; retiresAtMs: number | null }>();
  for (const row of rows) {
    verifiers.set(row.kid, { key: await importKey(publicJwk(row.publicX)), retiresAtMs: row.retiresAtMs });
  }
  return {
    signer: { kid: active.kid, key: await importKey(privateJwk) },
    verifiers,
    publicKeys: rows.map((row) => ({ kid: row.kid, x: row.publicX })),
    loadedAtMs: call.nowMs,
  };
}

/** A new Ed25519 key as a row; its private part is sealed and bound to the row. */
export async function makeSigningKey(call: Call): Promise<SigningKeyRow> {
  const kid = call.newId();
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const privateJwk = await exportJWK(pair.privateKey);
  if (privateJwk.x === undefined) throw new Error("an Ed25519 key has no public part");
  const box = await createSecretBox(call.config.MASTER_KEY);
  return {
    kid,
    publicX: privateJwk.x,
    sealedPrivateJwk: await box.seal(JSON.stringify(privateJwk), boundTo(kid)),
    isActive: true,
    createdAtMs: call.nowMs,
    retiresAtMs: null,
  };
}

/** The public JWK of a key by its `x`. */
export function publicJwk(x: string) {
  return { kty: "OKP", crv: "Ed25519", x } as const;
}

function boundTo(kid: string): string {
  return `signing_keys/${kid}`;
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error("an Ed25519 key was imported as bytes");
  return key;
}

/** What was sealed by `makeSigningKey`: authenticated by the box, so its shape is ours. */
function parseJwk(text: string): JWK {
  return JSON.parse(text) as JWK;
}
