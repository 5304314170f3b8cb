import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import type { JsonObject } from "./inference-request.ts";
import { checkName, isObject, readArray, readName, refuseField } from "./read-field.ts";

const MAX_MODELS = 10;

/** `model`, then the fallbacks in `models` (OpenRouter's field), each once. */
export function readModels(body: JsonObject): readonly string[] {
  const models = [readName(body, "model")];
  const fallbacks = readArray(body, "models");
  if (fallbacks === null) return models;
  if (fallbacks.length > MAX_MODELS) return refuseField("models", `must have at most ${MAX_MODELS} items.`);
  fallbacks.forEach((item, index) => {
    const name = checkName(item, `models.${index}`);
    if (!models.includes(name)) models.push(name);
  });
  return models;
}

/** The request's `provider` hints; null when absent. Parsed strictly: an unknown hint would silently do nothing. */
export function readPreferences(body: JsonObject): ProviderPreferences | null {
  const value = body["provider"];
  if (value === undefined || value === null) return null;
  if (!isObject(value)) return refuseField("provider", "must be an object.");
  const parsed = ProviderPreferences.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === "unrecognized_keys") path.push(issue.keys[0] ?? "");
  return refuseField(["provider", ...path].join(".").slice(0, 200), issue?.message ?? "is not valid.");
}
