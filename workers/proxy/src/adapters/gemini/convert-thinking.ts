import type { JsonObject } from "../../endpoints/inference-request.ts";
import { reasoningOf, type Effort } from "../../translate/chat-fields.ts";

/** As Google's own OpenAI endpoint maps them. https://ai.google.dev/gemini-api/docs/openai#thinking */
const BUDGETS: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1_024,
  low: 1_024,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
};
/** The Pro models of the second generation cannot stop thinking. */
const LEAST_OF_PRO = 128;

/** True for models that take a budget of thinking tokens; later ones take a level, and sign their calls. */
export function isBudgeted(model: string): boolean {
  return /gemini-[12](\.|-|$)/.test(model);
}

/** How much to think, in the way that this model takes it; null when the client did not say. */
export function convertThinking(chat: JsonObject, model: string): JsonObject | null {
  const reasoning = reasoningOf(chat);
  if (reasoning === null) return null;
  const { effort, maxTokens } = reasoning;
  const includeThoughts = effort !== "none";
  const isPro = model.includes("pro");
  if (!isBudgeted(model)) {
    return { ...(effort === null ? {} : { thinkingLevel: levelOf(effort, isPro) }), includeThoughts };
  }
  const budget = maxTokens ?? BUDGETS[effort ?? "medium"];
  return { thinkingBudget: isPro ? Math.max(LEAST_OF_PRO, budget) : budget, includeThoughts };
}

function levelOf(effort: Effort, isPro: boolean): string {
  switch (effort) {
    case "none":
    case "minimal":
      return isPro ? "low" : "minimal";
    case "low":
    case "medium":
    case "high":
      return effort;
    case "xhigh":
      return "high";
  }
}
