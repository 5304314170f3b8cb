import type { JsonObject } from "../../endpoints/inference-request.ts";
import { objectsOf, reasoningOf, type Effort } from "../../translate/chat-fields.ts";

const THINKING_SHARE = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.95 } as const;
/** Anthropic's own least. */
const MIN_THINKING_TOKENS = 1_024;
/** Models that take a budget of tokens; later ones decide themselves how much to think, guided by an effort. */
const BUDGETED = /claude-(3|2|instant)|claude-(opus|sonnet|haiku)-4(-[0-5])?(-\d{8}|-latest|@|$)/;

export interface ThinkingFields {
  readonly thinking?: unknown;
  readonly effort: string | null;
}

const UNCHANGED: ThinkingFields = { effort: null };

/**
 * How much to think, in the way that this model takes it: a budget as a share of the output limit (it
 * counts against it), or an effort. A client's own `thinking` passes.
 */
export function convertThinking(
  chat: JsonObject,
  model: string,
  maxTokens: number,
  messages: readonly JsonObject[],
): ThinkingFields {
  if (chat["thinking"] !== undefined) return { thinking: chat["thinking"], effort: null };
  const reasoning = reasoningOf(chat);
  if (reasoning === null) return UNCHANGED;
  if (reasoning.effort === "none") return { thinking: { type: "disabled" }, effort: null };
  if (!BUDGETED.test(model)) return { thinking: { type: "adaptive" }, effort: effortOf(reasoning.effort) };
  if (callsWithoutThought(messages)) return UNCHANGED;
  const wanted = reasoning.maxTokens ?? Math.floor(maxTokens * THINKING_SHARE[reasoning.effort ?? "medium"]);
  const budget = Math.max(MIN_THINKING_TOKENS, Math.min(wanted, maxTokens - 1));
  return budget < maxTokens ? { thinking: { type: "enabled", budget_tokens: budget }, effort: null } : UNCHANGED;
}

function effortOf(effort: Exclude<Effort, "none"> | null): string | null {
  return effort === "minimal" ? "low" : effort;
}

/** A turn with tools must open with its thought while thinking is on; a client of another wire may have dropped it. */
function callsWithoutThought(messages: readonly JsonObject[]): boolean {
  const last = messages.findLast((message) => message["role"] === "assistant");
  const blocks = objectsOf(last?.["content"]);
  const calls = blocks.some((block) => block["type"] === "tool_use");
  return calls && !blocks.some((block) => block["type"] === "thinking" || block["type"] === "redacted_thinking");
}
