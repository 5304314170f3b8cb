import { sha256Hex } from "@aggregator/runtime/digest";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { isArray, isObject } from "../endpoints/read-field.ts";

/** Members that choose how the answer comes, not what it is. */
const FORM_ONLY = new Set(["stream", "stream_options"]);

/** How an answer was given: two forms of one answer are two entries. */
export type CachedForm = "json" | "stream" | "stream_with_usage";

export function formOf(request: InferenceRequest): CachedForm {
  if (!request.stream) return "json";
  return request.includeUsage ? "stream_with_usage" : "stream";
}

/**
 * Names an answer of one company: by all that can change it (endpoint, body whatever the order of its
 * members, the vendor's version and betas, the tags that may route it elsewhere). No other company's request can have the same name.
 */
export async function cacheKeyOf(
  companyId: string,
  request: InferenceRequest,
  tags: readonly string[],
): Promise<string> {
  const asked = Object.fromEntries(Object.entries(request.body).filter(([name]) => !FORM_ONLY.has(name)));
  const text = canonical([request.endpoint, asked, request.vendorHeaders, tags.toSorted()]);
  return `${encodeURIComponent(companyId)}/${await sha256Hex(text)}`;
}

/** JSON with the members of every object in order. */
export function canonical(value: unknown): string {
  if (isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}
