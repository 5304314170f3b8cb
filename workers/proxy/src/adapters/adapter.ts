import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import type { ReportedCounts } from "../meter/reported-counts.ts";
import type { ProducedText } from "../meter/text-size.ts";
import type { SseFrame } from "../sse/sse-splitter.ts";

/** What goes over the wire to a provider. */
export interface UpstreamRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData;
}

/** Usage and its price as the client sees them. */
export interface ShownUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  readonly priceNanoUsd: number;
}

/** A complete answer, read. */
export interface AnswerReading {
  /** null: the provider reported none. */
  readonly usage: ReportedCounts | null;
  readonly finishReason: string | null;
  /** Size of what was produced; computed when nothing was reported. */
  produced(): ProducedText;
  /** Content type of `render`'s text; JSON when absent. */
  readonly contentType?: string;
  /** The body for the client, its usage completed with the price. */
  render(shown: ShownUsage): string;
}

/** An answer of bytes: what it used is known from the request. */
export interface BytesReading {
  readonly usage: ReportedCounts | null;
  readonly produced: ProducedText;
}

/** How a frame reaches the client: as it came, not at all, as other events, or as events that need the price. */
export type Shown = "as_is" | "hidden" | { readonly events: string } | ((usage: ShownUsage) => string);

/** A frame of the answer itself. */
export interface ChunkReading {
  /** `lifecycle` frames (role, keep-alive, opening) are held back until content decides for this provider. */
  readonly kind: "lifecycle" | "content";
  readonly producedBytes: number;
  readonly usage: ReportedCounts | null;
  readonly finishReason: string | null;
  readonly shown: Shown;
}

export type FrameReading =
  | ChunkReading
  /** The provider's error inside a 200; `status` as far as it tells. */
  | { readonly kind: "error"; readonly status: number | null }
  | { readonly kind: "malformed" }
  /** The provider's own end of stream. `shown` closes the client's. */
  | { readonly kind: "done" };

/** Why we end a stream ourselves: the money (`length`) or a request to cancel (`stop`). */
export type ForcedFinish = "length" | "stop";

/** Reads one stream; stateful. */
export interface StreamReader {
  read(frame: SseFrame): FrameReading;
  /** Events that end the client's stream well-formed: after the provider's end (null) or instead of it. */
  close(forced: ForcedFinish | null, usage: ShownUsage): string;
}

/** A provider's refusal as far as a client may see it. */
export interface Refusal {
  readonly message: string | null;
  readonly code: string | null;
  readonly param: string | null;
}

/** What an error's body tells beyond its status. */
export interface FailureHint {
  readonly outcome?: Exclude<AttemptOutcome, "success">;
  readonly retryAfterMs?: number;
}

/**
 * One wire for one kind of request. Everything that differs between providers is in here; pure, except
 * that a stream reader keeps what it has seen.
 */
export interface Exchange {
  /** What this endpoint can never honour of the request, before anything is reserved; null: it can try. */
  refuse?(request: InferenceRequest, endpoint: PlannedEndpoint): ErrorValue | null;
  /** Answers without the provider, where it has nothing of the kind; costs nothing. */
  answerHere?(request: InferenceRequest): string;
  /** `invalid_request` when this provider cannot honour a field that changes the meaning. */
  buildRequest(request: InferenceRequest, endpoint: PlannedEndpoint): Result<UpstreamRequest>;
  /** null: not an answer of this wire. */
  readAnswer(text: string, request: InferenceRequest): AnswerReading | null;
  openStream(request: InferenceRequest): StreamReader;
  /** The answer is bytes (sound) that pass as they come; null: it is JSON or a stream of events. */
  bytesOf?(request: InferenceRequest): BytesReading | null;
  /** Complete answers may be text (subtitles) beside JSON. */
  readonly acceptsText?: true;
  readRefusal(text: string): Refusal;
  /** For an answer that is not 2xx, where the status alone would mislead. */
  readFailure?(status: number, text: string): FailureHint;
}

/** An adapter: the exchanges of one provider kind by inbound request; null where it has none. */
export type Adapter = (request: InferenceRequest) => Exchange | null;
