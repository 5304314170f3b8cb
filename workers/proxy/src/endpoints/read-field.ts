import { ok, type ErrorValue, type Result } from "@aggregator/contracts/result";
import type { JsonObject } from "./inference-request.ts";

/** True for a JSON object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that leaves the items unknown. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Thrown inside a parser to leave it at the first wrong field; `parseFields` turns it into a value. */
class FieldError extends Error {
  readonly param: string;
  readonly details: JsonObject | null;
  constructor(param: string, problem: string, details: JsonObject | null) {
    super(`${param}: ${problem}`);
    this.param = param;
    this.details = details;
  }
}

/** A refusal of a field; `details` is what the client's own library reads beside the message. */
export interface FieldRefusal extends ErrorValue {
  readonly details?: JsonObject;
}

/** Runs a parser made of the readers below; the first wrong field becomes `invalid_request` with its `param`. */
export function parseFields<Value>(parse: () => Value): Result<Value, FieldRefusal> {
  try {
    return ok(parse());
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const { message, param, details } = error;
    return { ok: false, error: { code: "invalid_request", message, param, ...(details === null ? {} : { details }) } };
  }
}

/** Leaves the parser: the field is wrong. */
export function refuseField(param: string, problem: string, details: JsonObject | null = null): never {
  throw new FieldError(param, problem, details);
}

const MAX_NAME_LENGTH = 256;

/** A required name such as a model id. */
export function readName(body: JsonObject, field: string): string {
  const value = body[field];
  if (value === undefined) return refuseField(field, "is required.");
  return checkName(value, field);
}

export function checkName(value: unknown, param: string): string {
  if (typeof value !== "string" || value.length === 0) return refuseField(param, "must be a non-empty string.");
  if (value.length > MAX_NAME_LENGTH) {
    return refuseField(param, `must be at most ${MAX_NAME_LENGTH} characters long.`);
  }
  return value;
}

/** An optional boolean; null counts as absent, as OpenAI's wire has it. */
export function readBoolean(body: JsonObject, field: string, param = field): boolean | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  return typeof value === "boolean" ? value : refuseField(param, "must be a boolean.");
}

/** An optional whole number ≥ 1; null counts as absent. */
export function readCount(body: JsonObject, field: string, max = Number.MAX_SAFE_INTEGER): number | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
    return refuseField(field, "must be an integer of at least 1.");
  }
  if (value > max) return max === Number.MAX_SAFE_INTEGER ? max : refuseField(field, `must be at most ${max}.`);
  return value;
}

/** An optional object; null counts as absent. */
export function readObject(body: JsonObject, field: string): JsonObject | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  return isObject(value) ? value : refuseField(field, "must be an object.");
}

/** An optional array; null counts as absent. */
export function readArray(body: JsonObject, field: string): readonly unknown[] | null {
  const value = body[field];
  if (value === undefined || value === null) return null;
  return isArray(value) ? value : refuseField(field, "must be an array.");
}
