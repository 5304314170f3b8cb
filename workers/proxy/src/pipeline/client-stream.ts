import type { DisconnectPolicy } from "@aggregator/contracts/orchestrator";
import type { InferenceCall } from "./inference-call.ts";
import type { UpstreamCall } from "./upstream-call.ts";

/** The model is done and only the usage is missing: worth a moment, whatever the policy. */
const USAGE_GRACE_MS = 2_000;

/**
 * The client's side of a stream. When the client leaves, nothing is written any more and the provider's
 * policy decides: `stop` aborts at once (after a moment where only the usage is outstanding), `drain`
 * reads on within the limit, so that what the provider bills is what is charged.
 */
export class ClientStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #call: InferenceCall;
  readonly #policy: DisconnectPolicy;
  readonly #upstream: UpstreamCall;
  readonly #isFinished: () => boolean;
  #hasLeft = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(call: InferenceCall, policy: DisconnectPolicy, upstream: UpstreamCall, isFinished: () => boolean) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    this.readable = readable;
    this.#writer = writable.getWriter();
    this.#call = call;
    this.#policy = policy;
    this.#upstream = upstream;
    this.#isFinished = isFinished;
    this.#writer.closed.catch(() => this.#leave());
    call.clientSignal.addEventListener("abort", this.#leave, { once: true });
    if (call.clientSignal.aborted) this.#leave();
  }

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Resolves when the client took it, or at once when it has left. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) {
      this.#call.cache?.collect(bytes);
      this.#call.content?.collect(bytes);
    }
    if (this.#hasLeft || bytes.length === 0) return;
    this.#upstream.watchdog.pause();
    try {
      await this.#writer.write(bytes);
    } catch {
      this.#leave();
    }
    this.#upstream.watchdog.resume();
  }

  /** Writes the last bytes and ends the client's stream. */
  async close(bytes: Uint8Array): Promise<void> {
    await this.write(bytes);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#call.clientSignal.removeEventListener("abort", this.#leave);
    await this.#writer.close().catch(() => undefined);
  }

  /** Breaks the client's stream off: for bytes, which have no error of their own. */
  async abort(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#call.clientSignal.removeEventListener("abort", this.#leave);
    await this.#writer.abort(new Error("the provider's answer broke off")).catch(() => undefined);
  }

  readonly #leave = (): void => {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    const { drainTimeoutMs } = this.#call.config;
    const graceMs = this.#policy === "drain" ? drainTimeoutMs : this.#isFinished() ? USAGE_GRACE_MS : 0;
    if (graceMs === 0) this.#upstream.stop("client_disconnected");
    else this.#timer = setTimeout(() => this.#upstream.stop("client_disconnected"), graceMs);
  };
}
