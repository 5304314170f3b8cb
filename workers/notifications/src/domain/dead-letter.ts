import type { z } from "zod";

const MAX_SUMMARY_CHARS = 2_000;

/** The first faults of a message as `path: what is wrong`, without the values. */
export function reasonOf(error: z.ZodError): string {
  const faults = error.issues.slice(0, 5).map((issue) => `${issue.path.join(".") || "message"}: ${issue.message}`);
  return faults.join("; ").slice(0, 1_000);
}

/** A message's shape: its field names with the types of their values. Never a value: notices carry links that let somebody in. */
export function summaryOf(body: unknown): string {
  return JSON.stringify(shapeOf(body, 0)).slice(0, MAX_SUMMARY_CHARS);
}

function shapeOf(value: unknown, depth: number): unknown {
  if (value === null) return "null";
  if (typeof value !== "object" || Array.isArray(value) || depth > 2)
    return Array.isArray(value) ? "array" : typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.slice(0, 64), shapeOf(inner, depth + 1)]),
  );
}
