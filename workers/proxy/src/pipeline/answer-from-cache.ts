import { cacheKeyOf, formOf, type CachedForm } from "../cache/cache-key.ts";
import type { CacheUse } from "../cache/cache-use.ts";
import { jsonFromStream, streamFromJson, withPrice } from "../cache/replay.ts";
import { readCached, writeCached, type CachedAnswer } from "../cache/response-cache.ts";
import { takeOff, waitForFlight } from "../cache/single-flight.ts";
import type { InferenceCall } from "./inference-call.ts";

/**
 * The answer that was given to the same request of this company before, in the form that this client
 * wants; null for none. Of several requests at once one asks the provider, and the others wait for it.
 */
export async function findCached(call: InferenceCall, cache: CacheUse): Promise<CachedAnswer | null> {
  const key = await cacheKeyOf(call.caller.companyId, call.request, call.tags);
  cache.key = key;
  if (!cache.policy.mayRead) return null;
  const flight = `${key}/${formOf(call.request)}`;
  const found =
    (await lookUp(call, cache, key)) ?? ((await waitForFlight(flight)) ? await lookUp(call, cache, key) : null);
  if (found === null) call.atEnd.push(takeOff(flight));
  else cache.state = "hit";
  return found;
}

async function lookUp(call: InferenceCall, cache: CacheUse, key: string): Promise<CachedAnswer | null> {
  const { request } = call;
  const read = (form: CachedForm) => readCached(key, form, cache.policy.maxAgeSeconds, Date.now());
  const same = await read(formOf(request));
  if (same !== null) return same;
  if (request.stream) return converted(await read("json"), (text) => streamFromJson(text, request));
  return converted(await read("stream_with_usage"), (text) => jsonFromStream(text, request));
}

function converted(answer: CachedAnswer | null, convert: (text: string) => string | null): CachedAnswer | null {
  const text = answer === null ? null : convert(answer.text);
  return answer === null || text === null ? null : { ...answer, text };
}

/** Keeps a complete answer, or the stream that was collected, for requests to come. Never throws. */
export async function keepAnswer(
  call: InferenceCall,
  { provider, usage }: Pick<CachedAnswer, "provider" | "usage">,
  text: string | null,
): Promise<void> {
  const { cache, request } = call;
  if (cache === null || cache.key === null || text === null || !cache.fits(text)) return;
  const answer = { text: withPrice(text, 0), provider, usage, storedAtMs: Date.now() };
  await writeCached(cache.key, formOf(request), cache.policy.maxAgeSeconds, answer);
}
