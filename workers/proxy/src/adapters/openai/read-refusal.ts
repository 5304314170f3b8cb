import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { Refusal } from "../adapter.ts";

const NOTHING: Refusal = { message: null, code: null, param: null };

/** Message, code and param of an error body of the OpenAI wire; nothing else of it is ever shown. */
export function readRefusal(text: string): Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  // Some compatible servers wrap the object in an array or put the members at the top.
  const root = isArray(value) ? value[0] : value;
  if (!isObject(root)) return NOTHING;
  const { error } = root;
  if (typeof error === "string") return { ...NOTHING, message: error };
  const body = isObject(error) ? error : root;
  return {
    message: stringOrNull(body["message"]),
    code: stringOrNull(body["code"]),
    param: stringOrNull(body["param"]),
  };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
