import type { FinishReason } from "../../translate/answer-part.ts";

const SAFETY = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
]);

/** Gemini's finish reason in OpenAI's words; null for none. It has no reason of its own for calls of tools. */
export function mapFinish(reason: unknown, hasCalls: boolean): FinishReason | null {
  if (typeof reason !== "string" || reason === "FINISH_REASON_UNSPECIFIED") return null;
  if (reason === "MAX_TOKENS") return "length";
  if (SAFETY.has(reason)) return "content_filter";
  return hasCalls ? "tool_calls" : "stop";
}
