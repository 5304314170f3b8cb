import type { Reservation } from "@aggregator/contracts/account";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AnswerReading, BytesReading } from "../adapters/adapter.ts";
import { withPrice } from "../cache/replay.ts";
import { priceOfCacheHit } from "../domain/cache-hit-charge.ts";
import { clientErrorOf } from "../domain/client-error.ts";
import { markupOf } from "../domain/markup-of.ts";
import { addRateLimits, answerHeaders } from "../http/answer-headers.ts";
import { addRetryAfter, errorBody, statusOf, type ClientError } from "../http/error-answer.ts";
import { Meter, shownUsage, type MeteredCharge } from "../meter/meter.ts";
import { unservedEnd } from "../telemetry/request-end.ts";
import { candidatesOf, failover, type Candidate, type Served } from "./failover.ts";
import type { CachedAnswer } from "../cache/response-cache.ts";
import { findCached, keepAnswer } from "./answer-from-cache.ts";
import { BytesAnswer, type OpenBytes } from "./bytes-answer.ts";
import type { InferenceCall } from "./inference-call.ts";
import { remindToMarkDispatched } from "./mark-dispatched.ts";
import { planRequest } from "./plan-request.ts";
import { listOpenAttempt, recordAttempt } from "./record-attempt.ts";
import { reserveHold } from "./reserve-hold.ts";
import { release, settle } from "./settle.ts";
import { spreadPlan, watchEndpoint } from "../routing/spread-plan.ts";
import { shadowRequest } from "./shadow-request.ts";
import { StreamAnswer } from "./stream-answer.ts";
import type { OpenStream } from "./open-attempt.ts";
import type { UpstreamCall } from "./upstream-call.ts";

export type Answer = (response: Response) => void;

/**
 * The life of one request: plan, reserve, forward, answer, settle. `answer` is called once; the promise
 * resolves when the account knows how the request ended, which is usually after the client has it all.
 */
export async function serveRequest(call: InferenceCall, answer: Answer): Promise<void> {
  const startedAtMs = Date.now();
  call.timing.startedAtMs = startedAtMs;
  const planned = await planRequest(call);
  call.timing.planMs = Date.now() - startedAtMs;
  if (!planned.ok) return answer(refuse(call, planned.error));
  const { endpoints, shadow } = spreadPlan(call, planned.value);
  const possible = candidatesOf(call, endpoints);
  const [first, ...others] = possible.candidates;
  if (first === undefined) return answer(refuse(call, possible.refusal ?? NOT_SERVED));
  if (first.exchange.answerHere !== undefined) {
    return answer(answerHere(call, first.endpoint, first.exchange.answerHere(call.request)));
  }
  const candidates: [Candidate, ...Candidate[]] = [first, ...others];
  const cached = call.cache === null ? null : await findCached(call, call.cache);
  const reserveStartedAt = Date.now();
  const reserved = await reserveHold(call, candidates, cached?.usage ?? null);
  call.timing.reserveMs = Date.now() - reserveStartedAt;
  call.timing.hasReserved = true;
  if (!reserved.ok) {
    const response = refuse(call, describeRefusal(reserved.error));
    addRateLimits(response.headers, reserved.error);
    return answer(response);
  }
  if (cached !== null) return answerCached(call, first.endpoint, cached, reserved.value, answer);
  watchEndpoint(call, first.endpoint.endpointId);
  await serveReserved(call, candidates, shadow, reserved.value, answer);
}

/** An answer given before: limits applied, charged as the plan says, and it stands on the record like any other. */
async function answerCached(
  call: InferenceCall,
  planned: PlannedEndpoint,
  cached: CachedAnswer,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  const endpoint = { ...planned, provider: cached.provider };
  const type = call.request.stream ? EVENTS : "application/json";
  const priceNanoUsd = priceOfCacheHit(cached.usage, planned, reservation);
  const text = withPrice(cached.text, priceNanoUsd);
  call.content?.answered(text);
  answer(new Response(text, { headers: servedHeaders(call, endpoint, reservation, type) }));
  // No provider was asked: nothing was used, and nothing cost the platform anything.
  const charge: MeteredCharge = { usage: {}, quality: "reported", costNanoUsd: 0, priceNanoUsd };
  await settle(call, endpoint, charge, { status: 200, errorCode: null, finishReason: null, clientDisconnected: false });
}

const EVENTS = "text/event-stream; charset=utf-8";

const NOT_SERVED: ClientError = {
  code: "no_endpoint_available",
  message: "No provider of this model serves this endpoint.",
};

/** An answer that needed no provider and costs nothing. */
function answerHere(call: InferenceCall, { provider, model }: PlannedEndpoint, body: string): Response {
  call.end = { ...unservedEnd(200, null), provider, model };
  return new Response(body, { headers: answerHeaders(call.context, "application/json") });
}

async function serveReserved(
  call: InferenceCall,
  candidates: readonly Candidate[],
  shadow: PlannedEndpoint | null,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  const dispatchedAt = Date.now();
  call.reminder = remindToMarkDispatched(call);
  const serving = failover(call, candidates);
  if (shadow !== null && !call.request.isFree) call.waitUntil(shadowRequest(call, shadow));
  const served = await serving;
  call.timing.upstreamMs = Date.now() - dispatchedAt;
  if (served.kind !== "served") return answerFailure(call, served, reservation, answer);
  if (served.answer.kind === "json") {
    return answerWhole(call, served.endpoint, served.answer.reading, served.answer.upstream, reservation, answer);
  }
  if (served.answer.kind === "bytes") {
    return answerBytes(call, served.endpoint, served.answer.bytes, served.answer.reading, reservation, answer);
  }
  await answerStream(call, served.endpoint, served.answer.stream, reservation, answer);
}

async function answerBytes(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  bytes: OpenBytes,
  reading: BytesReading,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  const meter = new Meter(call.request, endpoint, markupOf(reservation, endpoint.model));
  meter.addProduced(reading.produced.bytes, reading.produced.pieces);
  if (reading.usage !== null) meter.report(reading.usage);
  const attempt = listOpenAttempt(call, endpoint, bytes.upstream);
  const headers = servedHeaders(call, endpoint, reservation, bytes.contentType);
  const sent = new BytesAnswer(call, endpoint, bytes);
  answer(new Response(sent.readable, { headers }));
  const end = await sent.run();
  recordAttempt(call, endpoint, bytes.upstream, end.outcome, { attempt });
  await settle(call, endpoint, meter.charge(), {
    status: 200,
    errorCode: end.outcome === "success" || end.clientDisconnected ? null : "upstream_error",
    finishReason: null,
    clientDisconnected: end.clientDisconnected,
  });
}

async function answerWhole(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  reading: AnswerReading,
  upstream: UpstreamCall,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  upstream.watchdog.end();
  const meter = new Meter(call.request, endpoint, markupOf(reservation, endpoint.model));
  if (reading.usage === null) {
    const { bytes, pieces } = reading.produced();
    meter.addProduced(bytes, pieces);
  } else meter.report(reading.usage);
  const charge = meter.charge();
  recordAttempt(call, endpoint, upstream, "success");
  const body = reading.render(shownUsage(charge));
  call.content?.answered(body);
  answer(
    new Response(body, {
      headers: servedHeaders(call, endpoint, reservation, reading.contentType ?? "application/json"),
    }),
  );
  // Kept before the request is over: others may be waiting for this answer.
  const kept =
    call.cache === null ? null : keepAnswer(call, { provider: endpoint.provider, usage: charge.usage }, body);
  await settle(call, endpoint, charge, {
    status: 200,
    errorCode: null,
    finishReason: reading.finishReason,
    clientDisconnected: call.clientSignal.aborted,
  });
  await kept;
}

async function answerStream(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  stream: OpenStream,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  call.timing.timeToFirstTokenMs = Math.max(0, Date.now() - call.context.receivedAtMs);
  const attempt = listOpenAttempt(call, endpoint, stream.upstream);
  const headers = servedHeaders(call, endpoint, reservation, EVENTS);
  const streamed = new StreamAnswer(call, endpoint, stream, reservation);
  answer(new Response(streamed.readable, { headers }));
  const end = await streamed.run();
  if (end.outcome === "success") {
    await keepAnswer(call, { provider: endpoint.provider, usage: end.charge.usage }, call.cache?.collected() ?? null);
  }
  recordAttempt(call, endpoint, stream.upstream, end.outcome, { attempt });
  await settle(call, endpoint, end.charge, {
    status: 200,
    errorCode: end.errorCode,
    finishReason: end.finishReason,
    clientDisconnected: end.clientDisconnected,
  });
}

async function answerFailure(
  call: InferenceCall,
  served: Exclude<Served, { kind: "served" }>,
  reservation: Reservation,
  answer: Answer,
): Promise<void> {
  const error = served.kind === "refused" ? served.error : clientErrorOf(served.failure, served.endpoint);
  const response = refuse(call, error);
  addRateLimits(response.headers, reservation);
  answer(response);
  const left = served.kind === "failed" && served.failure.outcome === "client_disconnected";
  const outcome = { status: response.status, errorCode: error.code, finishReason: null, clientDisconnected: left };
  if (!left) return release(call, outcome);
  // Dispatched and then left: the prompt is owed, nothing was produced.
  const meter = new Meter(call.request, served.endpoint, markupOf(reservation, served.endpoint.model));
  await settle(call, served.endpoint, meter.charge(), outcome);
}

/** An answer that is not the model's: the failure, with what the client may want to know of the way to it. */
export function refuse(call: InferenceCall, error: ClientError): Response {
  const headers = answerHeaders(call.context, "application/json");
  addRetryAfter(headers, error);
  addRoute(headers, call, null);
  const status = statusOf(error);
  call.end = unservedEnd(status, error.code);
  return new Response(errorBody(error, call.context.call.requestId, call.request.protocol), { status, headers });
}

/** A repeat is told which request it repeats. */
function describeRefusal(error: ClientError): ClientError {
  if (error.firstRequestId === undefined) return error;
  return { ...error, message: `${error.message} The first request is ${error.firstRequestId}.` };
}

function servedHeaders(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  reservation: Reservation,
  contentType: string,
): Headers {
  const headers = answerHeaders(call.context, contentType);
  addRateLimits(headers, reservation);
  addRoute(headers, call, endpoint.provider);
  return headers;
}

function addRoute(headers: Headers, call: InferenceCall, provider: string | null): void {
  const { planMs, reserveMs, upstreamMs } = call.timing;
  if (provider !== null) headers.set("x-aggregator-provider", provider);
  if (call.cache !== null) headers.set("x-aggregator-cache", call.cache.state);
  if (call.attempts.length > 0) headers.set("x-aggregator-attempts", String(call.attempts.length));
  headers.set("server-timing", `plan;dur=${planMs}, reserve;dur=${reserveMs}, upstream;dur=${upstreamMs}`);
}
