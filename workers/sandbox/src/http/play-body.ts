import { type Call, endCall } from "../domain/call-log.ts";
import type { Scenario } from "../domain/scenario.ts";
import { errorBody, faultMessage } from "./error-answer.ts";

/** A whole JSON answer with the scenario's faults: an error in a 200, JSON that ends early, a broken connection. */
export function playBody(body: unknown, scenario: Scenario, call: Call): Response {
  const isBroken = scenario.error_frame !== undefined && scenario.error_frame !== false;
  if (isBroken) return ended(call, "failed", Response.json(errorBody(500, faultMessage(scenario, 500))));
  const text = JSON.stringify(body);
  const half = text.slice(0, Math.floor(text.length / 2));
  const headers = { "content-type": "application/json" };
  if (scenario.cut_after_chunks !== undefined) return ended(call, "failed", new Response(cutBody(half), { headers }));
  if (scenario.malformed_json === true) return ended(call, "failed", new Response(half, { headers }));
  return ended(call, "completed", new Response(text, { headers }));
}

function ended(call: Call, state: "completed" | "failed", response: Response): Response {
  endCall(call, state);
  return response;
}

function cutBody(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        if (text === "") return controller.error(new Error("the sandbox cuts this answer"));
        controller.enqueue(new TextEncoder().encode(text));
        text = "";
      },
    },
    { highWaterMark: 0 },
  );
}
