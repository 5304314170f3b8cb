import { parseInput } from "@aggregator/runtime/parse-input";
import type { z } from "zod";
import { type Call, type CallLog, endCall } from "../domain/call-log.ts";
import { readScenario, Scenario } from "../domain/scenario.ts";
import { refuse, refuseAsAsked } from "./error-answer.ts";
import { wait, waitForever } from "./wait.ts";

export interface OpenCall<Body> {
  readonly body: Body;
  readonly scenario: Scenario;
  readonly call: Call;
  readonly signal: AbortSignal;
}

/**
 * Reads a request, records the call and plays what comes before an answer: delay, hang, refusal. A
 * Response is that refusal, or what is wrong with the request (400, not recorded).
 */
export async function openCall<Schema extends z.ZodType<{ model: string; stream?: boolean | null | undefined }>>(
  request: Request,
  schema: Schema,
  log: CallLog,
): Promise<OpenCall<z.infer<Schema>> | Response> {
  const json = await request.json().catch(() => undefined);
  const body = parseInput(schema, json);
  if (!body.ok) return refuse(400, body.error.message, body.error.param);
  const scenario = parseInput(Scenario, readScenario(json, request.headers));
  if (!scenario.ok) return refuse(400, scenario.error.message, `sandbox.${scenario.error.param ?? ""}`);
  const { signal } = request;
  const call = log.begin({
    path: new URL(request.url).pathname,
    label: scenario.value.label ?? null,
    model: body.value.model,
    stream: body.value.stream === true,
  });
  signal.addEventListener("abort", () => endCall(call, "aborted"));
  const refusal = await playPrelude(scenario.value, signal);
  if (refusal === null) return { body: body.value, scenario: scenario.value, call, signal };
  endCall(call, "failed");
  return refusal;
}

async function playPrelude(scenario: Scenario, signal: AbortSignal): Promise<Response | null> {
  await wait(scenario.delay_ms ?? 0, signal);
  if (scenario.hang === true) await waitForever(signal);
  return scenario.status === undefined ? null : refuseAsAsked(scenario.status, scenario);
}
