import type { ReportedCounts } from "../meter/reported-counts.ts";
import type { JsonObject } from "../endpoints/inference-request.ts";

/** Why a model stopped, in OpenAI's words: what all wires are translated through. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** Whose signatures and encrypted thoughts these are; names as in OpenRouter's `reasoning_details`. */
export type ReasoningFormat = "anthropic-claude-v1" | "google-gemini-v1" | "unknown";

/** A piece of an answer: whole, or as much of it as one event of a stream brings. */
export type AnswerPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "refusal"; readonly text: string }
  | { readonly type: "reasoning"; readonly index: number; readonly text: string; readonly format: ReasoningFormat }
  | { readonly type: "signature"; readonly index: number; readonly signature: string; readonly format: ReasoningFormat }
  | {
      readonly type: "encrypted";
      readonly index: number;
      readonly data: string;
      readonly format: ReasoningFormat;
      /** The tool call it belongs to, where the vendor signs those. */
      readonly callId: string | null;
    }
  /** Opens a call of a tool; its arguments follow. */
  | { readonly type: "tool_call"; readonly index: number; readonly id: string; readonly name: string }
  | { readonly type: "tool_arguments"; readonly index: number; readonly text: string };

/** A whole answer, whatever wire it came by. */
export interface WholeAnswer {
  readonly parts: readonly AnswerPart[];
  readonly finish: FinishReason;
  readonly usage: ReportedCounts | null;
}

/** What one event of a provider's stream says. */
export type SourceReading =
  | {
      readonly kind: "parts";
      readonly parts: readonly AnswerPart[];
      readonly finish: FinishReason | null;
      readonly usage: ReportedCounts | null;
    }
  | { readonly kind: "error"; readonly status: number | null }
  | { readonly kind: "malformed" }
  | { readonly kind: "done" };

/** An event that says nothing of the answer. */
export const NO_PARTS: SourceReading = { kind: "parts", parts: [], finish: null, usage: null };

/** What identifies an answer of ours. */
export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  readonly createdSeconds: number;
}

/** An arguments text as an object; an empty object for none, null when it is no JSON object. */
export function argumentsObject(text: string): JsonObject | null {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
