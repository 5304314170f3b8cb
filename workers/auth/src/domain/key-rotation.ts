const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A key signs for a month. */
const SIGNS_FOR_MS = 30 * DAY_MS;
/** How long a key is published before it signs: every isolate, and whoever caches the JWKS, knows it by then. */
const PUBLISHED_FOR_MS = 10 * MINUTE_MS;
/** An access token lasts 15 minutes, and an isolate may sign by the old key for a minute more. */
const VERIFIES_FOR_MS = 20 * MINUTE_MS;

interface Key {
  readonly kid: string;
  readonly isActive: boolean;
  readonly createdAtMs: number;
  readonly retiresAtMs: number | null;
}

/** What is to be done to the signing keys now. */
export type Rotation =
  | { readonly kind: "none" }
  /** Make a key that verifies and does not sign yet. */
  | { readonly kind: "publish" }
  /** `next` signs from now on; `active` verifies until `retiresAtMs`, when the last token of it has ended. */
  | { readonly kind: "activate"; readonly active: string; readonly next: string; readonly retiresAtMs: number };

/** Rotation in two steps, so that no token is signed by a key that somebody does not know yet, nor outlives its key. */
export function decideRotation(keys: readonly Key[], nowMs: number): Rotation {
  const active = keys.find((key) => key.isActive);
  if (active === undefined) return { kind: "none" };
  const waiting = keys
    .filter((key) => !key.isActive && key.retiresAtMs === null)
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs)[0];
  if (waiting === undefined) return { kind: active.createdAtMs + SIGNS_FOR_MS <= nowMs ? "publish" : "none" };
  if (waiting.createdAtMs + PUBLISHED_FOR_MS > nowMs) return { kind: "none" };
  return { kind: "activate", active: active.kid, next: waiting.kid, retiresAtMs: nowMs + VERIFIES_FOR_MS };
}
