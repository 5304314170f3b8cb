import type { RequestTail } from "@aggregator/contracts/billing";
import type { ErrorValue, Result } from "@aggregator/contracts/result";

export interface TailOptions {
  /** Position to go on from. */
  readonly after: number;
  readonly pollMs: number;
  /** How long it lasts; the client comes back with `Last-Event-ID`, and is then authenticated again. */
  readonly maxMs: number;
  readonly read: (after: number) => Promise<Result<RequestTail>>;
}

const KEEP_ALIVE_MS = 15_000;
const encoder = new TextEncoder();

/**
 * Requests as they end, as server-sent events. The last event of a batch carries the position as its id, so
 * that a client which comes back misses nothing and sees at most a batch again. Ends when the time is over,
 * and with an `error` event when the account cannot be read. Stops asking when the client leaves.
 */
export function tailStream({ after, pollMs, maxMs, read }: TailOptions): ReadableStream<Uint8Array> {
  const endsAtMs = Date.now() + maxMs;
  let position = after;
  let hasBegun = false;
  let isOver = false;
  let quietSinceMs = Date.now();

  /** The next piece of the stream; null when it is over. */
  async function next(): Promise<string | null> {
    if (!hasBegun) {
      hasBegun = true;
      // No data, so no event: only where to come back to.
      return `retry: ${pollMs}\nid: ${position}\n\n`;
    }
    while (!isOver && Date.now() < endsAtMs) {
      const answer = await read(position);
      if (!answer.ok) {
        isOver = true;
        return errorEvent(answer.error);
      }
      position = answer.value.position;
      if (answer.value.data.length > 0) return eventsOf(answer.value);
      await pause(pollMs);
      if (Date.now() - quietSinceMs >= KEEP_ALIVE_MS) return ": still here\n\n";
    }
    return null;
  }

  return new ReadableStream({
    async pull(controller) {
      const piece = await next();
      if (piece === null) return controller.close();
      quietSinceMs = Date.now();
      controller.enqueue(encoder.encode(piece));
    },
    cancel() {
      isOver = true;
    },
  });
}

function eventsOf({ data, position }: RequestTail): string {
  return data
    .map((request, index) => {
      const id = index === data.length - 1 ? `id: ${position}\n` : "";
      return `${id}event: request\ndata: ${JSON.stringify(request)}\n\n`;
    })
    .join("");
}

function errorEvent({ code, message }: ErrorValue): string {
  return `event: error\ndata: ${JSON.stringify({ error: { code, message } })}\n\n`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
