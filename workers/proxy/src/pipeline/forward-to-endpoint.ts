import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { correlation } from "@aggregator/runtime/log";
import type { AnswerReading, BytesReading, Exchange, UpstreamRequest } from "../adapters/adapter.ts";
import { senderOf } from "../adapters/workers-ai/run-by-binding.ts";
import { failure, outcomeOfStatus, type AttemptFailure } from "../domain/attempt-failure.ts";
import { parseRetryAfter } from "../domain/retry-after.ts";
import { bulkhead } from "../health/bulkhead.ts";
import { isAllowedUpstream } from "./guard-upstream.ts";
import { openBytes, type OpenBytes } from "./bytes-answer.ts";
import type { InferenceCall } from "./inference-call.ts";
import { failureOfThrown, openStream, type OpenStream } from "./open-attempt.ts";
import { UpstreamCall } from "./upstream-call.ts";

export interface CompleteAnswer {
  readonly kind: "json";
  readonly reading: AnswerReading;
}

export type Forwarded =
  | { readonly kind: "failed"; readonly failure: AttemptFailure; readonly upstream: UpstreamCall }
  | (CompleteAnswer & { readonly upstream: UpstreamCall })
  | { readonly kind: "stream"; readonly stream: OpenStream; readonly upstream: UpstreamCall }
  | {
      readonly kind: "bytes";
      readonly bytes: OpenBytes;
      readonly reading: BytesReading;
      readonly upstream: UpstreamCall;
    };

/**
 * One attempt at one endpoint: sends, and reads until the answer is certain: a whole JSON answer, or the
 * first content of a stream. Never throws for what a provider does.
 */
export async function forwardToEndpoint(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  exchange: Exchange,
  request: UpstreamRequest,
): Promise<Forwarded> {
  const upstream = new UpstreamCall(call);
  bulkhead.enter(endpoint.provider, upstream, call.deadlineAtMs);
  const leave = () => {
    if (endpoint.onDisconnect === "stop") upstream.stop("client_disconnected");
  };
  call.clientSignal.addEventListener("abort", leave, { once: true });
  try {
    if (!isAllowedUpstream(request.url, endpoint.baseUrl, call.config.allowPrivateUpstreams)) {
      call.config.log.error("upstream_url_refused", { ...correlation(call.context.call), provider: endpoint.provider });
      return { kind: "failed", upstream, failure: failure("connect_failed", { retryAfterMs: NEVER }) };
    }
    if (call.clientSignal.aborted) leave();
    const response = await upstream.send(
      call.span === null ? request : withTrace(request, call),
      senderOf(endpoint, call.env),
    );
    if (!response.ok) return { kind: "failed", upstream, failure: await readFailure(upstream, response, exchange) };
    const asBytes = exchange.bytesOf?.(call.request) ?? null;
    if (asBytes !== null) return await openAnswerBytes(upstream, response, asBytes);
    return call.request.stream
      ? await openAnswerStream(call, upstream, response, exchange)
      : await readWholeAnswer(call, upstream, response, exchange);
  } catch (error) {
    return { kind: "failed", upstream, failure: failureOfThrown(error, upstream) };
  } finally {
    call.clientSignal.removeEventListener("abort", leave);
  }
}

/** No wait makes a refused address a good one. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** A traced request's provider learns whose work it is: only then, since nobody else needs the header. */
function withTrace(request: UpstreamRequest, call: InferenceCall): UpstreamRequest {
  return { ...request, headers: { ...request.headers, traceparent: call.context.call.traceparent } };
}

async function openAnswerStream(
  call: InferenceCall,
  upstream: UpstreamCall,
  response: Response,
  exchange: Exchange,
): Promise<Forwarded> {
  const reader = exchange.openStream(call.request);
  const opened = await openStream(upstream, response, reader, call.config.maxUpstreamBytes);
  return opened.ok
    ? { kind: "stream", upstream, stream: opened.stream }
    : { kind: "failed", upstream, failure: opened.failure };
}

async function openAnswerBytes(upstream: UpstreamCall, response: Response, reading: BytesReading): Promise<Forwarded> {
  const opened = await openBytes(upstream, response);
  return opened.ok
    ? { kind: "bytes", upstream, bytes: opened.bytes, reading }
    : { kind: "failed", upstream, failure: opened.failure };
}

/** Text and subtitles; never a page. */
const TEXT = /^(text\/(plain|vtt|srt)|application\/(x-)?subrip)\b/;

async function readWholeAnswer(
  call: InferenceCall,
  upstream: UpstreamCall,
  response: Response,
  exchange: Exchange,
): Promise<Forwarded> {
  const contentType = response.headers.get("content-type") ?? "";
  const malformed = failure("malformed_answer", { status: response.status, mayBeBilled: true });
  if (!contentType.includes("json") && !(exchange.acceptsText === true && TEXT.test(contentType))) {
    await response.body?.cancel().catch(() => undefined);
    return { kind: "failed", upstream, failure: malformed };
  }
  const text = await upstream.readText(response, call.config.maxUpstreamBytes);
  const reading = exchange.readAnswer(text, call.request);
  return reading === null ? { kind: "failed", upstream, failure: malformed } : { kind: "json", upstream, reading };
}

async function readFailure(upstream: UpstreamCall, response: Response, exchange: Exchange): Promise<AttemptFailure> {
  const text = await upstream.readErrorText(response);
  const hint = exchange.readFailure?.(response.status, text) ?? {};
  const outcome = hint.outcome ?? outcomeOfStatus(response.status);
  return failure(outcome, {
    status: response.status,
    retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), Date.now()) ?? hint.retryAfterMs ?? null,
    refusal: outcome === "client_error" ? exchange.readRefusal(text) : null,
  });
}
