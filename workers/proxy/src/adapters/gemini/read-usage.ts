import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";
import { numberOf, objectsOf } from "../../translate/chat-fields.ts";

/**
 * Usage of Gemini's wire; null when there is none. The prompt counts what was cached; thoughts stand beside
 * the candidates, not inside; modalities are shares. https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function readUsage(value: unknown): ReportedCounts | null {
  if (!isObject(value)) return null;
  const cachedAudio = ofModality(value["cacheTokensDetails"], "AUDIO");
  const cached = value["cachedContentTokenCount"];
  const audio = ofModality(value["promptTokensDetails"], "AUDIO");
  return {
    input: plus(value["promptTokenCount"], value["toolUsePromptTokenCount"]),
    cachedInput: typeof cached === "number" ? Math.max(0, cached - cachedAudio) : cached,
    cachedInputAudio: cachedAudio,
    inputAudio: Math.max(0, audio - cachedAudio),
    inputImage: ofModality(value["promptTokensDetails"], "IMAGE"),
    output: outputOf(value),
    reasoning: value["thoughtsTokenCount"],
    outputAudio: ofModality(value["candidatesTokensDetails"], "AUDIO"),
  };
}

/** An answer without candidates leaves their count out; the total tells that there was none. */
function outputOf(value: JsonObject): unknown {
  const { promptTokenCount: prompt, totalTokenCount: total, thoughtsTokenCount: thoughts } = value;
  const candidates = value["candidatesTokenCount"] ?? value["responseTokenCount"];
  if (candidates !== undefined) return plus(candidates, thoughts);
  const known = (numberOf(prompt) ?? 0) + (numberOf(value["toolUsePromptTokenCount"]) ?? 0) + (numberOf(thoughts) ?? 0);
  return total === known ? (thoughts ?? 0) : undefined;
}

function plus(total: unknown, more: unknown): unknown {
  if (more === undefined || more === null) return total;
  return typeof total === "number" && typeof more === "number" ? total + more : undefined;
}

function ofModality(details: unknown, modality: string): number {
  return objectsOf(details)
    .filter((detail) => detail["modality"] === modality)
    .reduce((sum, detail) => sum + (numberOf(detail["tokenCount"]) ?? 0), 0);
}
