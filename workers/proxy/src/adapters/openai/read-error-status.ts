import { isObject } from "../../endpoints/read-field.ts";

/** The HTTP status that an error inside a stream stands for, where it tells (OpenRouter puts it in `code`). */
export function readErrorStatus(error: unknown): number | null {
  if (!isObject(error)) return null;
  const status = Number(error["code"] ?? error["status"]);
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : null;
}
