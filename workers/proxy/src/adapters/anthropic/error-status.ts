import { isObject } from "../../endpoints/read-field.ts";

/** https://docs.anthropic.com/en/api/errors#http-errors */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The status that an error inside a stream stands for; null for a type that is not known. */
export function errorStatusOf(error: unknown): number | null {
  const type = isObject(error) ? error["type"] : null;
  return typeof type === "string" ? (STATUS_OF_TYPE[type] ?? null) : null;
}
