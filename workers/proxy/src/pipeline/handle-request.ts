import { err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { parseJson } from "@aggregator/runtime/parse-json";
import { readCachePolicy } from "../cache/cache-policy.ts";
import { CacheUse } from "../cache/cache-use.ts";
import { captureContent, storeContent } from "../content/store-content.ts";
import { readForm } from "../endpoints/read-form.ts";
import type { Endpoint, RequestBody } from "../endpoints/endpoint.ts";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { configOf, type Env } from "../env.ts";
import { bufferBudget } from "../health/buffer-budget.ts";
import { answerHeaders } from "../http/answer-headers.ts";
import { readContext, type Caller, type RequestContext } from "../http/context.ts";
import { addRetryAfter, errorBody, statusOf, type ClientError } from "../http/error-answer.ts";
import { checkCaller } from "../domain/check-caller.ts";
import { readTags } from "../routing/read-tags.ts";
import { observeRequest } from "../telemetry/observe-request.ts";
import { unservedEnd } from "../telemetry/request-end.ts";
import { tracerOf } from "../telemetry/tracer.ts";
import { holdBody, NO_ROOM } from "./hold-body.ts";
import type { InferenceCall } from "./inference-call.ts";
import { serveRequest, type Answer } from "./serve-request.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Answers one request of the data plane. Its ending goes on under `waitUntil` after the answer was returned. */
export async function handleRequest(
  endpoint: Endpoint,
  request: Request,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  const received = readContext(request.headers, Date.now());
  const span = tracerOf(env)?.begin(received.call.traceparent, Date.now()) ?? null;
  const context = span === null ? received : { ...received, call: { ...received.call, traceparent: span.traceparent } };
  const allowed = checkCaller(context.caller, endpoint.path);
  if (!allowed.ok) return refuseEarly(endpoint, context, allowed.error);
  const config = configOf(env);
  const buffers = bufferBudget.open(config.maxBufferedBytes, Date.now() + config.totalTimeoutMs);
  const answered = Promise.withResolvers<Response>();
  // Registered before anything is read: a later `waitUntil` is lost when the client leaves.
  ctx.waitUntil(
    prepareCall(endpoint, request, env, ctx, { context, span, buffers }, allowed.value)
      .then((prepared) =>
        prepared.ok
          ? serveCall(endpoint, prepared.value, answered.resolve)
          : answered.resolve(refuseEarly(endpoint, context, prepared.error)),
      )
      .catch((error: unknown) => {
        answered.reject(error);
        throw error;
      })
      .finally(() => buffers.end()),
  );
  return answered.promise;
}

async function serveCall(endpoint: Endpoint, call: InferenceCall, answer: Answer): Promise<void> {
  try {
    await serveRequest(call, answer);
  } catch (error) {
    call.config.log.error("request_defect", { ...correlation(call.context.call), ...defectFields(error) });
    call.end ??= unservedEnd(500, DEFECT.code);
    answer(refuseEarly(endpoint, call.context, DEFECT));
  }
  for (const finish of call.atEnd) finish();
  observeRequest(call);
  await storeContent(call);
}

const DEFECT: ClientError = { code: "internal_error", message: "Something went wrong on our side." };

/** What is there of a request before its body is read. */
type Beginning = Pick<InferenceCall, "context" | "span" | "buffers">;

async function prepareCall(
  endpoint: Endpoint,
  request: Request,
  env: Env,
  ctx: ExecutionContext,
  { context, span, buffers }: Beginning,
  caller: Caller,
): Promise<Result<InferenceCall, ClientError>> {
  const held = holdBody(request, buffers);
  if (!held.ok) return held;
  const body = await (endpoint.takesForm === true ? readForm(held.value.request) : readBody(held.value.request));
  if (!body.ok) return held.value.isCut() ? { ok: false, error: NO_ROOM } : body;
  const parsed = endpoint.parse(body.value);
  if (!parsed.ok) return parsed;
  const idempotencyKey = request.headers.get("idempotency-key");
  if (idempotencyKey !== null && !/^[\x20-\x7e]{1,255}$/.test(idempotencyKey)) {
    return err("invalid_request", "Idempotency-Key: must be 1 to 255 printable characters.", {
      param: "Idempotency-Key",
    });
  }
  const cachePolicy = readCachePolicy(request.headers, caller.key.cacheMaxAgeSeconds);
  if (!cachePolicy.ok) return cachePolicy;
  const tags = readTags(request.headers);
  if (!tags.ok) return tags;
  const config = configOf(env);
  return ok({
    env,
    config,
    context,
    caller,
    request: parsed.value,
    tags: tags.value,
    idempotency: idempotencyKey === null ? null : await hashIdempotency(endpoint, idempotencyKey, body.value.text),
    clientSignal: request.signal,
    deadlineAtMs: Date.now() + config.totalTimeoutMs,
    attempts: [],
    timing: {
      startedAtMs: Date.now(),
      planMs: 0,
      hasReserved: false,
      reserveMs: 0,
      upstreamMs: 0,
      timeToFirstTokenMs: null,
      settleStartedAtMs: null,
      settleMs: 0,
    },
    span,
    end: null,
    reminder: null,
    cache: cachePolicy.value === null || !isCacheable(parsed.value) ? null : new CacheUse(cachePolicy.value, buffers),
    content: captureContent(env, caller.companyId, parsed.value, Date.now()),
    atEnd: [],
    buffers,
    waitUntil: (work) => ctx.waitUntil(work),
  });
}

/** Answers of text; sound and files are not kept. */
function isCacheable({ endpoint, form, isFree }: InferenceRequest): boolean {
  return form === null && !isFree && endpoint !== "/v1/audio/speech" && endpoint !== "/v1/images/generations";
}

async function hashIdempotency(
  endpoint: Endpoint,
  key: string,
  text: string,
): Promise<NonNullable<InferenceCall["idempotency"]>> {
  const [keyHash, bodyHash] = await Promise.all([sha256Hex(`${endpoint.path}\n${key}`), sha256Hex(text)]);
  return { keyHash, bodyHash };
}

/** The JSON body; the gateway has bounded its bytes. `unsupported_media_type`, `invalid_json`. */
async function readBody(request: Request): Promise<Result<RequestBody>> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(contentType)) {
    return err("unsupported_media_type", "Content-Type must be application/json.");
  }
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    return err("unsupported_media_type", "Content-Encoding is not supported; send the body uncompressed.");
  }
  let bytes: ArrayBuffer;
  let text: string;
  try {
    bytes = await request.arrayBuffer();
    text = decoder.decode(bytes);
  } catch {
    return err("invalid_json", "The body did not arrive whole, or is not UTF-8.");
  }
  const parsed = parseJson(text);
  return parsed.ok
    ? ok({ text, byteLength: bytes.byteLength, parsed: parsed.value, headers: request.headers, form: null })
    : parsed;
}

function refuseEarly(endpoint: Endpoint, context: RequestContext, error: ClientError): Response {
  const headers = answerHeaders(context, "application/json");
  addRetryAfter(headers, error);
  return new Response(errorBody(error, context.call.requestId, endpoint.protocol), {
    status: statusOf(error),
    headers,
  });
}
