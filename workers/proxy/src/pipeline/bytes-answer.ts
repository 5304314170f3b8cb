import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { failure, type AttemptFailure } from "../domain/attempt-failure.ts";
import { ClientStream } from "./client-stream.ts";
import type { InferenceCall } from "./inference-call.ts";
import { failureOfThrown } from "./open-attempt.ts";
import { AnswerTooLargeError, byteReader, type UpstreamCall } from "./upstream-call.ts";

/** Sound, or bytes that nobody named; anything else (a page, JSON) is no answer. */
const SOUND = /^(audio\/[\w.+-]+|application\/octet-stream)\s*(;|$)/i;

/** An answer of bytes that has begun. */
export interface OpenBytes {
  readonly upstream: UpstreamCall;
  readonly body: ReadableStreamDefaultReader<Uint8Array>;
  readonly first: Uint8Array;
  readonly contentType: string;
}

export type OpenedBytes =
  | { readonly ok: true; readonly bytes: OpenBytes }
  | { readonly ok: false; readonly failure: AttemptFailure };

/** Reads up to the first bytes: until then another provider can still answer. */
export async function openBytes(upstream: UpstreamCall, response: Response): Promise<OpenedBytes> {
  const contentType = response.headers.get("content-type") ?? "";
  if (!SOUND.test(contentType) || response.body === null) {
    await response.body?.cancel().catch(() => undefined);
    return failed("malformed_answer", response.status);
  }
  const body = byteReader(response.body);
  const { done, value } = await body.read();
  if (done || value.length === 0) return failed("empty_stream", response.status);
  upstream.noteBytes();
  return { ok: true, bytes: { upstream, body, first: value, contentType } };
}

function failed(outcome: AttemptFailure["outcome"], status: number): OpenedBytes {
  return { ok: false, failure: failure(outcome, { status, mayBeBilled: true }) };
}

export interface BytesEnd {
  readonly outcome: AttemptOutcome;
  readonly clientDisconnected: boolean;
}

/**
 * Carries bytes from the provider to the client. A break aborts the client's stream, the only sign that
 * bytes have. `run` pumps until the end, whatever that is.
 */
export class BytesAnswer {
  readonly #bytes: OpenBytes;
  readonly #client: ClientStream;
  readonly #maxBytes: number;

  constructor(call: InferenceCall, endpoint: PlannedEndpoint, bytes: OpenBytes) {
    this.#bytes = bytes;
    this.#maxBytes = call.config.maxUpstreamBytes;
    this.#client = new ClientStream(call, endpoint.onDisconnect, bytes.upstream, () => false);
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#client.readable;
  }

  async run(): Promise<BytesEnd> {
    const { upstream, body, first } = this.#bytes;
    let outcome: AttemptOutcome = "success";
    try {
      await this.#client.write(first);
      await this.#pump(first.length);
      await this.#client.close(new Uint8Array(0));
    } catch (error) {
      outcome = failureOfThrown(error, upstream).outcome;
    }
    upstream.watchdog.end();
    const clientDisconnected = this.#client.hasLeft;
    if (outcome !== "success") {
      await body.cancel().catch(() => undefined);
      await this.#client.abort();
    }
    return { outcome, clientDisconnected };
  }

  async #pump(sent: number): Promise<void> {
    const { upstream, body } = this.#bytes;
    let total = sent;
    for (;;) {
      const { done, value } = await body.read();
      if (done) return;
      upstream.noteBytes();
      total += value.length;
      if (total > this.#maxBytes) throw new AnswerTooLargeError(`the answer exceeds ${this.#maxBytes} bytes`);
      await this.#client.write(value);
    }
  }
}
