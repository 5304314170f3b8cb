import type { FrameReading, StreamReader } from "../adapters/adapter.ts";
import { AnswerTooLargeError, byteReader, type UpstreamCall } from "./upstream-call.ts";
import { failure, type AttemptFailure } from "../domain/attempt-failure.ts";
import { FrameTooLargeError, SseSplitter, type SseFrame } from "../sse/sse-splitter.ts";

/** A frame and what it means. */
export interface ReadFrame {
  readonly frame: SseFrame;
  readonly reading: FrameReading;
}

/** A stream that has shown its first content: from here on the client is bound to this provider. */
export interface OpenStream {
  readonly upstream: UpstreamCall;
  readonly body: ReadableStreamDefaultReader<Uint8Array>;
  readonly splitter: SseSplitter;
  readonly reader: StreamReader;
  /** What came until then: lifecycle frames, the first content, and what arrived with it. */
  readonly opening: readonly ReadFrame[];
}

export type OpenedStream =
  | { readonly ok: true; readonly stream: OpenStream }
  | { readonly ok: false; readonly failure: AttemptFailure };

/** Lifecycle frames held back for one attempt; a stream that opens with more is not one we can serve. */
const MAX_OPENING_FRAMES = 1_000;

/**
 * Reads a stream up to its first content and holds back what came before it, `maxBytes` at most. Nothing has
 * reached the client yet.
 */
export async function openStream(
  upstream: UpstreamCall,
  response: Response,
  reader: StreamReader,
  maxBytes: number,
): Promise<OpenedStream> {
  const contentType = response.headers.get("content-type") ?? "";
  if (!contentType.startsWith("text/event-stream") || response.body === null) {
    await response.body?.cancel().catch(() => undefined);
    return failed("malformed_answer");
  }
  const body = byteReader(response.body);
  const splitter = new SseSplitter(maxBytes);
  const opening: ReadFrame[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await body.read();
    if (!done) bytes += value.length;
    if (bytes > maxBytes) throw new AnswerTooLargeError(`the stream opens with more than ${maxBytes} bytes`);
    if (!done) upstream.hold(value.length);
    const frames = done ? lastFrame(splitter) : splitter.push(value);
    if (!done) upstream.noteBytes();
    const decision = readOpening(frames, reader, opening);
    if (decision === "content") return { ok: true, stream: { upstream, body, splitter, reader, opening } };
    if (decision !== null) {
      await body.cancel().catch(() => undefined);
      return failed(decision);
    }
    if (done) return failed(opening.length === 0 ? "empty_stream" : "cut_stream");
    if (opening.length > MAX_OPENING_FRAMES) return failed("malformed_answer");
  }
}

function lastFrame(splitter: SseSplitter): SseFrame[] {
  const frame = splitter.flush();
  return frame === null ? [] : [frame];
}

function readOpening(
  frames: readonly SseFrame[],
  reader: StreamReader,
  opening: ReadFrame[],
): "content" | "error_frame" | "malformed_answer" | "empty_stream" | null {
  let decision: "content" | null = null;
  for (const frame of frames) {
    const reading = reader.read(frame);
    if (decision === null) {
      if (reading.kind === "error") return "error_frame";
      if (reading.kind === "malformed") return "malformed_answer";
      if (reading.kind === "done") return "empty_stream";
    }
    opening.push({ frame, reading });
    if (reading.kind === "content") decision = "content";
  }
  return decision;
}

function failed(outcome: AttemptFailure["outcome"]): OpenedStream {
  return { ok: false, failure: failure(outcome, { status: 200, mayBeBilled: true }) };
}

/** What a thrown error of an exchange means. */
export function failureOfThrown(error: unknown, upstream: UpstreamCall): AttemptFailure {
  const { stopCause, status } = upstream;
  if (stopCause !== null) return failure(stopCause, { status, mayBeBilled: true });
  if (error instanceof AnswerTooLargeError || error instanceof FrameTooLargeError) {
    return failure("too_large", { status, mayBeBilled: true });
  }
  if (status !== null) return failure("cut_stream", { status, mayBeBilled: true });
  return failure("connect_failed", { mayBeBilled: Date.now() - upstream.startedAtMs >= LATE_CONNECT_FAILURE_MS });
}

/**
 * The runtime has one error for a connection that was refused and for one that broke with the request on
 * it. A refusal comes at once; what breaks later may have been worked on, and billed.
 */
const LATE_CONNECT_FAILURE_MS = 1_000;
