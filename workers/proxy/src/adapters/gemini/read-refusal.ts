import { isArray, isObject } from "../../endpoints/read-field.ts";
import { stringOf } from "../../translate/chat-fields.ts";
import type { Refusal } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";

/** Message and status name of an error of Google's APIs; streams wrap it in an array. */
export function readRefusal(text: string): Refusal {
  const value = parseOrUndefined(text);
  const root = isArray(value) ? value[0] : value;
  const error = isObject(root) && isObject(root["error"]) ? root["error"] : {};
  return { message: stringOf(error["message"]), code: stringOf(error["status"])?.toLowerCase() ?? null, param: null };
}
