import type { Reservation } from "@aggregator/contracts/account";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import type { ChunkReading, ForcedFinish, FrameReading } from "../adapters/adapter.ts";
import { failure } from "../domain/attempt-failure.ts";
import { clientErrorOf } from "../domain/client-error.ts";
import { errorEvent } from "../http/error-answer.ts";
import { Meter, shownUsage, type MeteredCharge } from "../meter/meter.ts";
import type { SseFrame } from "../sse/sse-splitter.ts";
import { markupOf } from "../domain/markup-of.ts";
import { Checkpoints } from "./checkpoints.ts";
import { ClientStream } from "./client-stream.ts";
import type { InferenceCall } from "./inference-call.ts";
import { failureOfThrown, type OpenStream } from "./open-attempt.ts";

/** How a stream went. */
export interface StreamEnd {
  readonly charge: MeteredCharge;
  readonly outcome: AttemptOutcome;
  readonly errorCode: string | null;
  readonly finishReason: string | null;
  readonly clientDisconnected: boolean;
}

const encoder = new TextEncoder();

/**
 * Carries one stream from the provider to the client. `readable` is the client's body; `run` pumps until
 * the end, whatever that is, and tells what to charge. A stream that breaks after content ends with an
 * error frame, never like a clean success.
 */
export class StreamAnswer {
  readonly #call: InferenceCall;
  readonly #stream: OpenStream;
  readonly #meter: Meter;
  readonly #client: ClientStream;
  readonly #checkpoints: Checkpoints;
  #finishReason: string | null = null;
  #forced: ForcedFinish | null = null;
  #isDone = false;
  #failed: "error_frame" | "malformed_answer" | null = null;

  constructor(call: InferenceCall, endpoint: PlannedEndpoint, stream: OpenStream, reservation: Reservation) {
    this.#call = call;
    this.#stream = stream;
    this.#meter = new Meter(call.request, endpoint, markupOf(reservation, endpoint.model));
    this.#client = new ClientStream(call, endpoint.onDisconnect, stream.upstream, () => this.#finishReason !== null);
    this.#checkpoints = new Checkpoints(call, endpoint, this.#meter, reservation, (finish) => {
      this.#forced ??= finish;
      stream.upstream.stop("cancelled");
    });
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#client.readable;
  }

  async run(): Promise<StreamEnd> {
    let thrown: AttemptOutcome | null = null;
    try {
      await this.#show(this.#stream.opening.map(({ frame, reading }) => this.#take(frame, reading)));
      this.#stream.upstream.letGo();
      await this.#pump();
    } catch (error) {
      thrown = failureOfThrown(error, this.#stream.upstream).outcome;
    }
    this.#checkpoints.end();
    this.#stream.upstream.watchdog.end();
    return this.#finish(thrown);
  }

  async #pump(): Promise<void> {
    const { body, splitter, reader, upstream } = this.#stream;
    while (!this.#isDone && this.#failed === null) {
      const { done, value } = await body.read();
      if (done) break;
      upstream.noteBytes();
      const hadPending = splitter.hasPending;
      const frames = splitter.push(value);
      if (frames.length === 0) continue;
      const pieces = frames.map((frame) => this.#take(frame, reader.read(frame)));
      // Nothing changed and nothing held back: the chunk goes on as it came.
      const isWhole = !hadPending && !splitter.hasPending && pieces.every((piece, at) => piece === frames[at]?.bytes);
      await this.#show(isWhole ? [value] : pieces);
      this.#checkpoints.progress();
    }
    const rest = this.#isDone ? null : splitter.flush();
    if (rest !== null) await this.#show([this.#take(rest, reader.read(rest)), encoder.encode("\n\n")]);
    if (this.#isDone || this.#failed !== null) await body.cancel().catch(() => undefined);
  }

  /** Meters a frame; what the client gets of it, null for nothing. */
  #take(frame: SseFrame, reading: FrameReading): Uint8Array | null {
    if (this.#isDone || this.#failed !== null) return null;
    switch (reading.kind) {
      case "done":
        this.#isDone = true;
        return null;
      case "error":
        this.#failed = "error_frame";
        return null;
      case "malformed":
        this.#failed = "malformed_answer";
        return null;
      case "lifecycle":
      case "content":
        return this.#takeChunk(frame, reading);
    }
  }

  #takeChunk(frame: SseFrame, reading: ChunkReading): Uint8Array | null {
    if (reading.producedBytes > 0) this.#meter.addProduced(reading.producedBytes, 1);
    if (reading.usage !== null) this.#meter.report(reading.usage);
    this.#finishReason = reading.finishReason ?? this.#finishReason;
    if (reading.shown === "as_is") return frame.bytes;
    if (reading.shown === "hidden") return null;
    if (typeof reading.shown === "object") return encoder.encode(reading.shown.events);
    return encoder.encode(reading.shown(shownUsage(this.#meter.charge())));
  }

  async #show(pieces: readonly (Uint8Array | null)[]): Promise<void> {
    const shown = pieces.filter((piece) => piece !== null && piece.length > 0) as Uint8Array[];
    if (shown.length > 0) await this.#client.write(joined(shown));
  }

  async #finish(thrown: AttemptOutcome | null): Promise<StreamEnd> {
    const charge = this.#meter.charge();
    const outcome = this.#outcomeOf(thrown);
    const isClean = outcome === "success" || (outcome === "cancelled" && this.#forced !== null);
    const error = isClean || outcome === "client_disconnected" ? null : clientErrorOf(failure(outcome), null);
    const closing =
      error === null
        ? this.#stream.reader.close(this.#forced, shownUsage(charge))
        : errorEvent(error, this.#call.context.call.requestId, this.#call.request.protocol);
    await this.#client.close(encoder.encode(closing));
    return {
      charge,
      outcome,
      errorCode: error?.code ?? null,
      finishReason: this.#forced ?? this.#finishReason,
      clientDisconnected: this.#client.hasLeft,
    };
  }

  #outcomeOf(thrown: AttemptOutcome | null): AttemptOutcome {
    if (this.#failed !== null) return this.#failed;
    if (this.#isDone) return "success";
    if (thrown !== null) return thrown;
    // The provider closed without its end mark: complete only if it had said why it stopped.
    return this.#finishReason === null ? "cut_stream" : "success";
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
