import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { exchangeFor } from "../adapters/registry.ts";
import { bufferBudget } from "../health/buffer-budget.ts";
import { localHealth } from "../health/local-health.ts";
import { Meter } from "../meter/meter.ts";
import { reasonToPass } from "../routing/reason-to-pass.ts";
import { meterOf } from "../telemetry/meter.ts";
import { forwardToEndpoint, type Forwarded } from "./forward-to-endpoint.ts";
import type { InferenceCall } from "./inference-call.ts";
import { failureOfThrown, type OpenStream } from "./open-attempt.ts";
import { recordAttempt } from "./record-attempt.ts";

/** The platform ends what a request left behind after 30 s. */
const MAX_MS = 25_000;

/**
 * Sends a request to the endpoint that is on trial as well, once the real one is under way. Its answer is
 * metered and dropped; what it costs is the platform's, and it counts for its provider's health like any
 * attempt. Nothing of it reaches the client, the company's record or its account. Never throws.
 */
export async function shadowRequest(call: InferenceCall, endpoint: PlannedEndpoint): Promise<void> {
  const deadlineAtMs = Math.min(call.deadlineAtMs, Date.now() + MAX_MS);
  const buffers = bufferBudget.open(call.config.maxBufferedBytes, deadlineAtMs);
  // Neither the client's leaving nor the account's marks are its business.
  const clientSignal = new AbortController().signal;
  const shadow = {
    ...call,
    attempts: [],
    cache: null,
    content: null,
    reminder: null,
    clientSignal,
    buffers,
    deadlineAtMs,
  };
  try {
    if (buffers.take(call.request.text.length, Date.now())) await tryOn(shadow, endpoint);
  } catch (error) {
    call.config.log.warn("shadow_failed", { ...correlation(call.context.call), ...defectFields(error) });
  } finally {
    buffers.end();
  }
}

async function tryOn(call: InferenceCall, endpoint: PlannedEndpoint): Promise<void> {
  const exchange = exchangeFor(call.request, endpoint);
  const isDown = localHealth.select([endpoint], Date.now()).order.length === 0;
  if (exchange === null || isDown || reasonToPass(call, endpoint) !== null) return;
  if ((exchange.refuse?.(call.request, endpoint) ?? null) !== null) return;
  const built = exchange.buildRequest(call.request, endpoint);
  if (!built.ok) return;
  const meter = new Meter(call.request, endpoint, 0);
  const forwarded = await forwardToEndpoint(call, endpoint, exchange, built.value);
  const outcome = await readToEnd(forwarded, meter, call.config.maxUpstreamBytes);
  forwarded.upstream.watchdog.end();
  const failed = forwarded.kind === "failed" ? forwarded.failure : null;
  recordAttempt(call, endpoint, forwarded.upstream, outcome, { retryAfterMs: failed?.retryAfterMs ?? null });
  const labels = { provider: endpoint.provider };
  const counter = meterOf(call.env);
  counter?.count("aggregator_shadow_requests_total", { ...labels, outcome });
  const isBilled = failed === null || failed.mayBeBilled;
  if (isBilled) counter?.count("aggregator_shadow_cost_nano_usd_total", labels, meter.charge().costNanoUsd);
  const push = counter?.pushLater(Date.now()) ?? null;
  if (push !== null) call.waitUntil(push);
}

/** Meters the answer; how it ended. */
async function readToEnd(forwarded: Forwarded, meter: Meter, maxBytes: number): Promise<AttemptOutcome> {
  switch (forwarded.kind) {
    case "failed":
      return forwarded.failure.outcome;
    case "json": {
      const { reading } = forwarded;
      const { bytes, pieces } = reading.produced();
      if (reading.usage === null) meter.addProduced(bytes, pieces);
      else meter.report(reading.usage);
      return "success";
    }
    case "bytes":
      meter.addProduced(forwarded.reading.produced.bytes, forwarded.reading.produced.pieces);
      await forwarded.bytes.body.cancel().catch(() => undefined);
      return "success";
    case "stream":
      return readStream(forwarded.stream, meter, maxBytes);
  }
}

async function readStream(stream: OpenStream, meter: Meter, maxBytes: number): Promise<AttemptOutcome> {
  const { body, splitter, reader, upstream } = stream;
  let readings = stream.opening.map(({ reading }) => reading);
  let isFinished = false;
  let bytes = 0;
  try {
    for (;;) {
      for (const reading of readings) {
        if (reading.kind === "done") return await endStream(stream, "success");
        if (reading.kind === "error") return await endStream(stream, "error_frame");
        if (reading.kind === "malformed") return await endStream(stream, "malformed_answer");
        meter.addProduced(reading.producedBytes, reading.producedBytes > 0 ? 1 : 0);
        if (reading.usage !== null) meter.report(reading.usage);
        isFinished ||= reading.finishReason !== null;
      }
      const { done, value } = await body.read();
      if (done) return isFinished ? "success" : "cut_stream";
      upstream.noteBytes();
      bytes += value.length;
      if (bytes > maxBytes) return await endStream(stream, "too_large");
      readings = splitter.push(value).map((frame) => reader.read(frame));
    }
  } catch (error) {
    return failureOfThrown(error, upstream).outcome;
  }
}

async function endStream({ body }: OpenStream, outcome: AttemptOutcome): Promise<AttemptOutcome> {
  await body.cancel().catch(() => undefined);
  return outcome;
}
