import type { UpstreamRequest } from "../adapters/adapter.ts";
import type { SendUpstream } from "../adapters/workers-ai/run-by-binding.ts";
import type { HeldBytes } from "../health/buffer-budget.ts";
import { Watchdog, type StopCause } from "./watchdog.ts";
import type { InferenceCall } from "./inference-call.ts";

const DRAIN_FOR_ERROR_BYTES = 65_536;

/** Thrown when an answer exceeds the byte limit. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/** One HTTP exchange with a provider: its abort, its clocks, and why it was stopped if we stopped it. */
export class UpstreamCall {
  readonly startedAtMs = Date.now();
  readonly watchdog: Watchdog;
  firstByteAtMs: number | null = null;
  status: number | null = null;
  readonly #controller = new AbortController();
  readonly #buffers: HeldBytes;
  #heldBytes = 0;
  #stopCause: StopCause | null = null;

  constructor(call: InferenceCall) {
    this.#buffers = call.buffers;
    const { firstByteTimeoutMs, idleTimeoutMs } = call.config;
    this.watchdog = new Watchdog(
      { firstByteMs: firstByteTimeoutMs, idleMs: idleTimeoutMs, deadlineAtMs: call.deadlineAtMs },
      (cause) => this.stop(cause),
      call.reminder,
    );
  }

  /** Why we stopped the call; null while it runs or when it ended by itself. */
  get stopCause(): StopCause | null {
    return this.#stopCause;
  }

  /** Aborts the call; pending reads reject. The first cause stays. */
  stop(cause: StopCause): void {
    if (this.#stopCause !== null) return;
    this.#stopCause = cause;
    this.watchdog.end();
    this.#controller.abort();
  }

  /** Sends the request. Redirects come back as they are: following one would carry the credential along. */
  async send(request: UpstreamRequest, sendUpstream: SendUpstream): Promise<Response> {
    const response = await sendUpstream(request.url, {
      method: "POST",
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      signal: this.#controller.signal,
    });
    this.status = response.status;
    this.noteBytes();
    return response;
  }

  /** Bytes (or headers) arrived. */
  noteBytes(): void {
    this.firstByteAtMs ??= Date.now();
    this.watchdog.touch();
  }

  /** Counts bytes of the answer that stay in memory. */
  hold(bytes: number): void {
    this.#heldBytes += bytes;
    this.#buffers.add(bytes);
  }

  /** What was held of the answer is gone. */
  letGo(): void {
    this.#buffers.giveBack(this.#heldBytes);
    this.#heldBytes = 0;
  }

  /** The whole body as text; AnswerTooLargeError beyond `maxBytes`, counted after decompression. */
  async readText(response: Response, maxBytes: number): Promise<string> {
    if (response.body === null) return "";
    const declared = response.headers.get("content-length");
    if (declared !== null && response.headers.get("content-encoding") === null && Number(declared) <= maxBytes) {
      // Framed to a length that fits: one crossing into the runtime instead of one per chunk.
      this.hold(Number(declared));
      return response.text();
    }
    const reader = byteReader(response.body);
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      this.noteBytes();
      bytes += value.byteLength;
      this.hold(value.byteLength);
      if (bytes > maxBytes) {
        await reader.cancel().catch(() => undefined);
        throw new AnswerTooLargeError(`the answer exceeds ${maxBytes} bytes`);
      }
      text += decoder.decode(value, { stream: true });
    }
  }

  /** The start of an error body, for its message; empty when it cannot be read. */
  async readErrorText(response: Response): Promise<string> {
    try {
      return await this.readText(response, DRAIN_FOR_ERROR_BYTES);
    } catch {
      return "";
    }
  }
}

/** A body's reader. The runtime's types leave the chunk of a body open; it is always bytes. */
export function byteReader(body: ReadableStream): ReadableStreamDefaultReader<Uint8Array> {
  return (body as ReadableStream<Uint8Array>).getReader();
}
