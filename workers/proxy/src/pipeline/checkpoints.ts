import type { Reservation } from "@aggregator/contracts/account";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { chargeOf } from "@aggregator/money/charge";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { disposeReply } from "../account/dispose-reply.ts";
import type { ForcedFinish } from "../adapters/adapter.ts";
import { markupOf } from "../domain/markup-of.ts";
import { remainingOutput } from "../domain/output-ceiling.ts";
import type { Meter } from "../meter/meter.ts";
import type { InferenceCall } from "./inference-call.ts";

/** Output after which a checkpoint is due even before its time, and the least time between two. */
const TOKENS_BETWEEN = 500;
const LEAST_INTERVAL_MS = 1_000;
/** A hold is raised before what the next stretch of output may cost exceeds it, by several stretches. */
const RAISE_BY_TOKENS = 4_000;

/**
 * Reports a running stream to the account: extends its lease, leaves its usage so far as the crash
 * checkpoint, and raises the hold before the cost passes it. `onRefused` is called when the stream has
 * to end: no money for more (`length`) or somebody asked for it (`stop`). An account that does not
 * answer is no reason to end a stream: the lease outlives several missed checkpoints.
 */
export class Checkpoints {
  readonly #call: InferenceCall;
  readonly #endpoint: PlannedEndpoint;
  readonly #meter: Meter;
  readonly #markupBps: number;
  readonly #onRefused: (finish: ForcedFinish) => void;
  #holdNanoUsd: number;
  #lastAtMs = Date.now();
  #lastTokens = 0;
  #isRunning = false;
  #hasEnded = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    call: InferenceCall,
    endpoint: PlannedEndpoint,
    meter: Meter,
    reservation: Reservation,
    onRefused: (finish: ForcedFinish) => void,
  ) {
    this.#call = call;
    this.#endpoint = endpoint;
    this.#meter = meter;
    this.#markupBps = markupOf(reservation, endpoint.model);
    this.#holdNanoUsd = reservation.holdNanoUsd;
    this.#onRefused = onRefused;
    this.#arm();
  }

  /** Call after output passed: a checkpoint is made when enough has. */
  progress(): void {
    if (this.#meter.estimatedOutputTokens - this.#lastTokens < TOKENS_BETWEEN) return;
    if (Date.now() - this.#lastAtMs >= LEAST_INTERVAL_MS) this.#start();
  }

  /** No checkpoint after this. */
  end(): void {
    this.#hasEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      if (this.#hasEnded) return;
      this.#start();
      this.#arm();
    }, this.#call.config.checkpointIntervalMs);
  }

  #start(): void {
    if (this.#isRunning || this.#hasEnded) return;
    this.#isRunning = true;
    this.#lastAtMs = Date.now();
    this.#lastTokens = this.#meter.estimatedOutputTokens;
    this.#call.waitUntil(this.#report());
  }

  async #report(): Promise<void> {
    const { env, caller, context, config } = this.#call;
    try {
      const charge = this.#meter.charge();
      const reply = await env.COMPANY_ACCOUNT.getByName(caller.companyId).checkpoint({
        requestId: context.call.requestId,
        usage: charge.usage,
        priceNanoUsd: charge.priceNanoUsd,
        costNanoUsd: charge.costNanoUsd,
        leaseMs: config.leaseMs,
        raiseHoldToNanoUsd: this.#wantedHold(charge.priceNanoUsd),
      });
      disposeReply(reply);
      if (this.#hasEnded) return;
      if (!reply.ok) this.#onRefused("length");
      else {
        this.#holdNanoUsd = reply.value.holdNanoUsd;
        if (reply.value.cancelRequested) this.#onRefused("stop");
      }
    } catch (error) {
      config.log.warn("checkpoint_failed", { ...correlation(context.call), ...defectFields(error) });
    } finally {
      this.#isRunning = false;
    }
  }

  /** null while the present hold covers the next stretch, or all that can still come. */
  #wantedHold(priceNanoUsd: number): number | null {
    const remaining = remainingOutput(this.#call.request, this.#endpoint, this.#meter.estimatedOutputTokens);
    const stretch = (tokens: number) =>
      chargeOf({ output: Math.min(tokens, remaining) }, this.#endpoint.price, this.#markupBps).priceNanoUsd;
    if (priceNanoUsd + stretch(TOKENS_BETWEEN) <= this.#holdNanoUsd) return null;
    return priceNanoUsd + stretch(RAISE_BY_TOKENS);
  }
}
