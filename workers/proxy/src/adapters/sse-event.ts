import type { JsonObject } from "../endpoints/inference-request.ts";

/** One server-sent event with a JSON value; JSON has no line breaks, so one `data` line holds it. */
export function sseEvent(value: JsonObject, event: string | null = null): string {
  return `${event === null ? "" : `event: ${event}\n`}data: ${JSON.stringify(value)}\n\n`;
}
