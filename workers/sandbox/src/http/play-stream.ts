import { type Call, endCall } from "../domain/call-log.ts";
import type { Scenario } from "../domain/scenario.ts";
import { errorBody, faultMessage } from "./error-answer.ts";
import { wait, waitForever } from "./wait.ts";

/** One event of a stream; `isPiece`: it carries a piece of the answer, which pace and faults count. */
export interface Frame {
  readonly event?: string;
  readonly data: unknown;
  readonly isPiece: boolean;
}

const encoder = new TextEncoder();
const MALFORMED = 'data: {"id":"chatcmpl-sandbox","choices":[{"delta":{"content":"cut\n\n';

/** Server-sent events at the scenario's pace, with its faults, as fast as they are read. */
export function playStream(frames: Iterable<Frame>, scenario: Scenario, call: Call, signal: AbortSignal): Response {
  const rest = frames[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const fault = dueFault(scenario, call.produced);
        if (fault !== null) return breakStream(fault, scenario, call, signal, controller);
        const next = rest.next();
        if (next.done === true) {
          endCall(call, "completed");
          return controller.close();
        }
        if (next.value.isPiece) {
          await wait(scenario.chunk_delay_ms ?? 0, signal);
          call.produced += 1;
        }
        controller.enqueue(encode(next.value));
      },
      cancel() {
        endCall(call, "aborted");
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-cache" } });
}

type StreamFault = "cut" | "stall" | "error_frame" | "malformed";

/** The fault that is due once so many pieces have left. */
export function dueFault(scenario: Scenario, produced: number): StreamFault | null {
  if (scenario.cut_after_chunks !== undefined && produced >= scenario.cut_after_chunks) return "cut";
  if (scenario.stall_after_chunks !== undefined && produced >= scenario.stall_after_chunks) return "stall";
  const errorAt = scenario.error_frame === true ? 0 : scenario.error_frame;
  if (typeof errorAt === "number" && produced >= errorAt) return "error_frame";
  return scenario.malformed_json === true && produced >= 1 ? "malformed" : null;
}

async function breakStream(
  fault: StreamFault,
  scenario: Scenario,
  call: Call,
  signal: AbortSignal,
  controller: ReadableStreamDefaultController<Uint8Array>,
): Promise<void> {
  switch (fault) {
    case "cut":
      endCall(call, "failed");
      return controller.error(new Error("the sandbox cuts this answer"));
    case "stall":
      await waitForever(signal);
      return endCall(call, "aborted");
    case "error_frame":
      controller.enqueue(encode({ data: errorBody(500, faultMessage(scenario, 500)), isPiece: false }));
      break;
    case "malformed":
      controller.enqueue(encoder.encode(MALFORMED));
      break;
  }
  endCall(call, "failed");
  controller.close();
}

function encode({ event, data }: Frame): Uint8Array {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return encoder.encode(`${event === undefined ? "" : `event: ${event}\n`}data: ${text}\n\n`);
}
