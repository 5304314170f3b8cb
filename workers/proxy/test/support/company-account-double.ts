import type {
  AccountExchange,
  AccountExchanged,
  Checkpoint,
  CheckpointState,
  CompanyAccountApi,
  Ending,
  EndingOutcome,
  Reservation,
  ReserveError,
  ReserveInput,
} from "@aggregator/contracts/account";
import type { Plan, PlanRequest } from "@aggregator/contracts/orchestrator";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { DurableObject } from "cloudflare:workers";
import type { AccountLog, AccountScript } from "./account-script.ts";

type CheckpointRefusal = Extract<Awaited<ReturnType<CompanyAccountApi["checkpoint"]>>, { ok: false }>;

/** Keeps the contract of the company's account as the proxy sees it, in memory, and remembers every call. */
export class CompanyAccountDouble extends DurableObject implements CompanyAccountApi {
  #script: AccountScript = {};
  #reserves: ReserveInput[] = [];
  #checkpoints: Checkpoint[] = [];
  #endCalls: (readonly Ending[])[] = [];
  readonly #held = new Map<string, number>();
  readonly #ended = new Set<string>();
  #failEnds = 0;
  #charged = 0;
  #exchanges = 0;
  readonly #plans = new Map<string, Plan>();
  #planCalls: PlanRequest[] = [];

  /** What the orchestrator double answers for this company. */
  setPlan(model: string, plan: Plan): void {
    this.#plans.set(model, plan);
  }

  takePlan(request: PlanRequest): Plan | null {
    this.#planCalls.push(request);
    return this.#plans.get(request.models[0] ?? "") ?? null;
  }

  script(script: AccountScript): void {
    this.#script = script;
    this.#failEnds = script.failEnds ?? 0;
    this.#reserves = [];
    this.#checkpoints = [];
    this.#endCalls = [];
    this.#exchanges = 0;
  }

  log(): AccountLog {
    return {
      reserves: this.#reserves,
      checkpoints: this.#checkpoints,
      endCalls: this.#endCalls,
      exchanges: this.#exchanges,
      planCalls: this.#planCalls,
      openHolds: [...this.#held.keys()],
    };
  }

  async reserve(input: ReserveInput): Promise<Result<Reservation, ReserveError>> {
    this.#reserves.push(input);
    const {
      reserveError,
      reserveDelayMs,
      balanceNanoUsd,
      markupBps,
      markupBpsByModel,
      cacheHitBps,
      limits,
      holdNanoUsd,
    } = this.#script;
    if (reserveDelayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reserveDelayMs));
    if (reserveError !== undefined) return { ok: false, error: reserveError };
    const held = [...this.#held.values()].reduce((sum, amount) => sum + amount, 0);
    if (balanceNanoUsd !== undefined && this.#charged + held + input.holdNanoUsd > balanceNanoUsd) {
      return err("insufficient_balance", "The balance does not cover this request.");
    }
    this.#held.set(input.requestId, input.holdNanoUsd);
    return ok({
      holdNanoUsd: holdNanoUsd ?? input.holdNanoUsd,
      markupBps: markupBps ?? 0,
      ...(markupBpsByModel === undefined ? {} : { markupBpsByModel }),
      ...(cacheHitBps === undefined || input.isCacheHit !== true ? {} : { cacheHitBps }),
      requests: limits?.requests ?? null,
      tokens: limits?.tokens ?? null,
    });
  }

  async exchange(items: AccountExchange): Promise<AccountExchanged> {
    this.#exchanges += 1;
    const ended = items.endings.length === 0 ? [] : await this.end(items.endings);
    const reserved: Result<Reservation, ReserveError>[] = [];
    for (const item of items.reserves) reserved.push(await this.reserve(item));
    return { ended, reserved };
  }

  async checkpoint(input: Checkpoint): Promise<{ ok: true; value: CheckpointState } | CheckpointRefusal> {
    this.#checkpoints.push(input);
    if (this.#script.refuseRaise === true && input.raiseHoldToNanoUsd !== null) {
      return err("insufficient_balance", "No money for more.");
    }
    return ok({
      holdNanoUsd: input.raiseHoldToNanoUsd ?? this.#script.holdNanoUsd ?? this.#held.get(input.requestId) ?? 0,
      cancelRequested: this.#script.cancelAtCheckpoint ?? false,
    });
  }

  async end(endings: readonly Ending[]): Promise<readonly EndingOutcome[]> {
    if (this.#script.endDelayMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, this.#script.endDelayMs));
    }
    if (this.#failEnds > 0) {
      this.#failEnds -= 1;
      throw new Error("the account is restarting");
    }
    this.#endCalls.push(endings);
    return endings.map((ending) => {
      if (ending.kind === "dispatched") return "applied";
      if (this.#ended.has(ending.requestId)) return "repeated";
      const hold = this.#held.get(ending.requestId);
      if (hold === undefined) return "anomaly";
      this.#held.delete(ending.requestId);
      if (ending.kind === "settle" && this.#script.keepCharges === true) this.#charged += hold;
      this.#ended.add(ending.requestId);
      return "applied";
    });
  }
}
