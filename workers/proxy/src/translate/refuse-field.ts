import type { ErrorValue, Result } from "@aggregator/contracts/result";
import type { JsonObject } from "../endpoints/inference-request.ts";

/** `invalid_request` for a field that the chosen provider cannot honour. */
export function cannotHonour(param: string, why: string): Result<never> {
  return { ok: false, error: refusalOf(param, why) };
}

export function refusalOf(param: string, why: string): ErrorValue {
  return { code: "invalid_request", message: `${param}: ${why}`, param };
}

/** The first field of a chat body that changes the meaning and that no provider but OpenAI's wire knows; null when there is none. */
export function firstUnsupported(chat: JsonObject): string | null {
  if (typeof chat["n"] === "number" && chat["n"] > 1) return "n";
  if (chat["logprobs"] === true) return "logprobs";
  const { modalities } = chat;
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== "text")) return "modalities";
  return ["functions", "function_call", "web_search_options"].find((name) => isPresent(chat[name])) ?? null;
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
