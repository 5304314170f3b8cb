import { PIECE_CLASSES, TOKEN_CLASSES, type Usage } from "@aggregator/contracts/usage";
import { z } from "zod";
import type { CachedForm } from "./cache-key.ts";

/** An answer as it was given, its price taken off. */
export interface CachedAnswer {
  readonly text: string;
  readonly provider: string;
  readonly storedAtMs: number;
  /** What it used when it was first given; what it would cost anew follows from it. */
  readonly usage: Usage;
}

const UsageHeader = z.partialRecord(z.enum([...TOKEN_CLASSES, ...PIECE_CLASSES]), z.int().min(0));

/** Never fetched: an entry's name must look like an address. */
const ORIGIN = "https://response-cache.invalid";

/**
 * The answer kept under this name in this form, at most `maxAgeSeconds` old; null for none. Kept in this
 * location's cache, which may forget at any time. Fails open: a cache that does not work holds nothing.
 */
export async function readCached(
  key: string,
  form: CachedForm,
  maxAgeSeconds: number,
  nowMs: number,
): Promise<CachedAnswer | null> {
  try {
    const cache = await caches.open("responses");
    const found = await cache.match(addressOf(key, form));
    if (found === undefined) return null;
    const storedAtMs = Number(found.headers.get("x-stored-at"));
    const text = await found.text();
    if (!Number.isSafeInteger(storedAtMs) || nowMs - storedAtMs > maxAgeSeconds * 1_000) return null;
    const usage = UsageHeader.parse(JSON.parse(found.headers.get("x-usage") ?? "{}"));
    return { text, provider: found.headers.get("x-provider") ?? "", storedAtMs, usage };
  } catch {
    return null;
  }
}

/** Keeps an answer for `maxAgeSeconds`. Never throws. */
export async function writeCached(
  key: string,
  form: CachedForm,
  maxAgeSeconds: number,
  answer: CachedAnswer,
): Promise<void> {
  const headers = {
    "cache-control": `max-age=${maxAgeSeconds}`,
    "x-stored-at": String(answer.storedAtMs),
    "x-provider": answer.provider,
    "x-usage": JSON.stringify(answer.usage),
  };
  try {
    const cache = await caches.open("responses");
    await cache.put(addressOf(key, form), new Response(answer.text, { headers }));
  } catch {
    // What cannot be kept is answered anew next time.
  }
}

function addressOf(key: string, form: CachedForm): string {
  return `${ORIGIN}/${key}/${form}`;
}
