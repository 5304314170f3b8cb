import type { Attempt } from "@aggregator/contracts/request-record";
import type { OpenSpan } from "@aggregator/runtime/tracer";
import type { CacheUse } from "../cache/cache-use.ts";
import type { ContentCapture } from "../content/content-capture.ts";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import type { Config, Env } from "../env.ts";
import type { HeldBytes } from "../health/buffer-budget.ts";
import type { Caller, RequestContext } from "../http/context.ts";
import type { RequestEnd } from "../telemetry/request-end.ts";
import type { Reminder } from "./watchdog.ts";

/** One request on its way: what never changes, and the few facts that are noted as they happen. */
export interface InferenceCall {
  readonly env: Env;
  readonly config: Config;
  readonly context: RequestContext;
  readonly caller: Caller;
  readonly request: InferenceRequest;
  /** What its client says of it, for routing rules. */
  readonly tags: readonly string[];
  /** Hash of the idempotency key and of the body, where the client sent a key. */
  readonly idempotency: { readonly keyHash: string; readonly bodyHash: string } | null;
  /** Aborts when the client leaves. */
  readonly clientSignal: AbortSignal;
  /** When everything must be over. */
  readonly deadlineAtMs: number;
  readonly attempts: Attempt[];
  readonly timing: Timing;
  /** The request's own span; null when it is not traced. */
  readonly span: OpenSpan | null;
  /** Set when it is known how the request ended. */
  end: RequestEnd | null;
  /** What the watchdog of the present upstream call is to do in passing; one timer serves both. */
  reminder: Reminder | null;
  /** What it wants of the response cache; null: nothing. */
  readonly cache: CacheUse | null;
  /** Keeps its content for the company that wants it stored; null for all others. */
  readonly content: ContentCapture | null;
  /** What it holds in memory; given back when it is over. */
  readonly buffers: HeldBytes;
  /** Done when the request is over, whatever became of it. */
  readonly atEnd: (() => void)[];
  /** Keeps the invocation alive for work that the client does not wait for. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

export interface Timing {
  startedAtMs: number;
  planMs: number;
  hasReserved: boolean;
  reserveMs: number;
  /** Until the provider's first content (or whole answer). */
  upstreamMs: number;
  timeToFirstTokenMs: number | null;
  settleStartedAtMs: number | null;
  settleMs: number;
}
