import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import type { FailureHint, Refusal } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";

/** Codes of Workers AI. https://developers.cloudflare.com/workers-ai/platform/errors/ */
const ACCOUNT_LIMITED = 3036;
const OUT_OF_CAPACITY = 3040;

/** Both an account that has used up its allowance and a model without capacity are told as 429. */
export function readFailure(_status: number, text: string): FailureHint {
  const { code } = errorOf(text);
  if (code === ACCOUNT_LIMITED) return { outcome: "out_of_credit" };
  return code === OUT_OF_CAPACITY ? { outcome: "server_error" } : {};
}

/** Message and code of an error of the binding, or of its REST shape. */
export function readRefusal(text: string): Refusal {
  const { message, code } = errorOf(text);
  return { message, code: code === null ? null : String(code), param: null };
}

function errorOf(text: string): { readonly message: string | null; readonly code: number | null } {
  const value = parseOrUndefined(text);
  const root: JsonObject = isObject(value) ? value : {};
  const [first = {}] = objectsOf(root["errors"]);
  return {
    message: stringOf(root["description"] ?? root["message"] ?? first["message"]),
    code: numberOf(root["internalCode"] ?? first["code"]),
  };
}
