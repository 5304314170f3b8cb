import OpenAI from "openai";
import type { Platform } from "../walk/platform.ts";

/** The vendor's client, unmodified. No retries of its own, so that one call is one request. */
export function openAi(platform: Platform, apiKey: string = platform.credentials.api_key): OpenAI {
  return new OpenAI({ baseURL: `${platform.origin}/v1`, apiKey, maxRetries: 0 });
}

/** A chat request with the sandbox's own field, which the client's types do not know. */
export function ask(content: string, fields: Readonly<Record<string, unknown>> = {}) {
  return { model: "sandbox/echo", messages: [{ role: "user" as const, content }], ...fields };
}

/** The error that a call ends in. Throws when it does not. */
export async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("the call did not fail");
}

/** Everything that a stream or a list brings, to its end. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
