import type { RuleFacts } from "@aggregator/runtime/apply-rules";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { isArray, isObject } from "../endpoints/read-field.ts";

/** What rules may ask of a request; `functions` are tools by their old name. */
export function ruleFactsOf(
  { body, input }: Pick<InferenceRequest, "body" | "input">,
  tags: readonly string[],
): RuleFacts {
  const metadata = body["metadata"];
  return {
    inputTokens: input.likelyTokens,
    hasTools: isFilled(body["tools"]) || isFilled(body["functions"]),
    metadata: isObject(metadata) ? metadata : {},
    tags,
  };
}

function isFilled(list: unknown): boolean {
  return isArray(list) && list.length > 0;
}
