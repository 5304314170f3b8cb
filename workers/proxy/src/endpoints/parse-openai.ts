import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import type { RequestBody } from "./endpoint.ts";
import type { InferenceRequest, JsonObject, Protocol } from "./inference-request.ts";
import { measureInput } from "./input-size.ts";
import { isArray, isObject, readBoolean, readCount, readObject, refuseField } from "./read-field.ts";
import { readModels, readPreferences } from "./read-routing.ts";

/** The body as an object; leaves the parser otherwise. */
export function bodyOf({ parsed }: RequestBody): JsonObject {
  return isObject(parsed.value) ? parsed.value : refuseField("body", "must be a JSON object.");
}

/** What all requests of the OpenAI wire share; `changes` adds what the endpoint knows better. */
export function openAiRequest(
  source: RequestBody,
  route: { readonly endpoint: DataPlaneEndpoint; readonly protocol: Protocol },
  changes: Partial<InferenceRequest> & { readonly media?: readonly unknown[] } = {},
): InferenceRequest {
  const body = bodyOf(source);
  const { media = [], ...rest } = changes;
  return {
    ...route,
    text: source.text,
    members: source.parsed.members,
    body,
    models: rest.models ?? readModels(body),
    preferences: readPreferences(body),
    stream: false,
    includeUsage: false,
    outputLimit: null,
    choices: 1,
    producesOutput: true,
    isFree: false,
    input: measureInput(source.byteLength, media),
    pieces: null,
    form: source.form,
    vendorHeaders: {},
    ...rest,
  };
}

/** `stream` and whether the client wants to see the usage frame. */
export function readStreaming(body: JsonObject): Pick<InferenceRequest, "stream" | "includeUsage"> {
  const options = readObject(body, "stream_options");
  const wanted = options === null ? null : readBoolean(options, "include_usage", "stream_options.include_usage");
  return { stream: readBoolean(body, "stream") ?? false, includeUsage: wanted ?? false };
}

/** The larger of the limits under these names, since servers differ in which they obey; null when none is set. */
export function readOutputLimit(body: JsonObject, names: readonly string[]): InferenceRequest["outputLimit"] {
  const fields = names.filter((field) => readCount(body, field) !== null);
  if (fields.length === 0) return null;
  return { fields, tokens: Math.max(...fields.map((field) => readCount(body, field) ?? 0)) };
}

/** A required text, list of texts, or tokens (a list of numbers, or of such lists). */
export function readTextOrTokens(body: JsonObject, field: string): unknown {
  const value = body[field];
  if (value === undefined || value === null) return refuseField(field, "is required.");
  if (typeof value === "string") return value;
  if (!isArray(value) || value.length === 0) {
    return refuseField(field, "must be a string or a non-empty array.");
  }
  return value;
}
