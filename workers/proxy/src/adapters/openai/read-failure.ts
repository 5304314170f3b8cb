import { isObject } from "../../endpoints/read-field.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import type { FailureHint } from "../adapter.ts";

/**
 * What the status alone would get wrong: OpenAI tells an empty account as 429, OpenRouter a prompt that its
 * moderation refused as 403.
 */
export function readFailure(status: number, text: string): FailureHint {
  if (status !== 429 && status !== 403) return {};
  const value = parseOrUndefined(text);
  const error = isObject(value) && isObject(value["error"]) ? value["error"] : {};
  if (status === 429) {
    const isEmpty = error["code"] === "insufficient_quota" || error["type"] === "insufficient_quota";
    return isEmpty ? { outcome: "out_of_credit" } : {};
  }
  const { metadata } = error;
  return isObject(metadata) && metadata["flagged_input"] !== undefined ? { outcome: "client_error" } : {};
}
