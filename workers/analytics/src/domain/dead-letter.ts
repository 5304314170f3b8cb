import type { z } from "zod";

/** D1 keeps values of up to 2 MB; a queue message has at most 128 kB, so only a forged one is cut. */
export const MAX_DEAD_BODY_CHARS = 262_144;
const MAX_REASON_CHARS = 1_000;

/** A queue message as it arrived, for the record. */
export interface UndeliverableMessage {
  readonly id: string;
  readonly attempts: number;
  readonly body: unknown;
}

export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  readonly body: string;
  readonly isTruncated: boolean;
  readonly attempts: number;
  readonly receivedAtMs: number;
}

/** The bounded record of a message that will not be counted. */
export function deadLetterOf(
  message: UndeliverableMessage,
  queue: string,
  reason: string,
  receivedAtMs: number,
): DeadLetter {
  const body = jsonOf(message.body);
  return {
    id: message.id,
    queue,
    reason: reason.slice(0, MAX_REASON_CHARS),
    body: body.slice(0, MAX_DEAD_BODY_CHARS),
    isTruncated: body.length > MAX_DEAD_BODY_CHARS,
    attempts: message.attempts,
    receivedAtMs,
  };
}

/** The first faults of a message as `path: what is wrong`, without the values. */
export function reasonOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "message"}: ${issue.message}`)
    .join("; ");
}

/** The message of a stored body; undefined when it was cut or is no JSON. */
export function parseDeadBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A queue carries structured clones, of which not all have a JSON form. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "null";
  } catch {
    return JSON.stringify(String(body));
  }
}
