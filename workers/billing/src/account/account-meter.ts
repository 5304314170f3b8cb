import type { CounterName } from "@aggregator/contracts/metrics";
import { createMeter, type GaugeReading } from "@aggregator/runtime/meter";
import { once } from "@aggregator/runtime/parse-config";
import { type Env, metricsIntervalMs } from "../env.ts";
import type { AccountState } from "./read-account-state.ts";

/** An account is heard of at every alarm, so at least once a minute while it has anything open or untold. */
const FORGET_AFTER_MS = 120_000;

/** What the accounts of one isolate look like together, for operators; no company is named. */
export interface AccountMeter {
  /** Notes an account as it is now. Returns the push that is due, null when none is. */
  note(state: AccountState, nowMs: number): Promise<void> | null;
  count(name: CounterName, increase: number): void;
}

/** The isolate's meter of accounts; null without the queue `metrics`, and then nothing is counted. */
export const accountMeterOf: (env: Env) => AccountMeter | null = once((env: Env) => {
  const { METRICS: queue } = env;
  if (queue === undefined) return null;
  return createAccountMeter(metricsIntervalMs(env), (message) => queue.send(message));
});

/** A meter of accounts that sends by `send`. */
export function createAccountMeter(intervalMs: number, send: Parameters<typeof createMeter>[0]["send"]): AccountMeter {
  /** Something was counted, or nothing was ever said. */
  let isUnsaid = true;
  const active = new Map<string, { readonly state: AccountState; readonly atMs: number }>();
  const meter = createMeter({
    worker: "billing",
    intervalMs,
    send,
    readGauges(nowMs) {
      for (const [companyId, { atMs }] of active) {
        if (nowMs - atMs > FORGET_AFTER_MS) active.delete(companyId);
      }
      return active.size === 0
        ? NOTHING_OPEN
        : gaugesOf(
            [...active.values()].map(({ state }) => state),
            nowMs,
          );
    },
  });
  return {
    note(state, nowMs) {
      const wasQuiet = active.size === 0;
      const isActive = state.openHolds > 0 || state.untoldEntries > 0 || state.isFrozen;
      if (isActive) active.set(state.companyId, { state, atMs: nowMs });
      else active.delete(state.companyId);
      // A quiet isolate may hear of no account again: its last word is said at once, and its first.
      const mustSay = (active.size === 0) !== wasQuiet || (active.size === 0 && isUnsaid);
      if (!mustSay) return meter.pushIfDue(nowMs);
      const push = meter.pushNow(nowMs);
      isUnsaid &&= push === null;
      return push;
    },
    count: (name, increase) => {
      if (increase === 0) return;
      meter.count(name, {}, increase);
      isUnsaid = true;
    },
  };
}

function gaugesOf(states: readonly AccountState[], nowMs: number): GaugeReading[] {
  const sum = (of: (state: AccountState) => number) => states.reduce((total, state) => total + of(state), 0);
  const oldestMs = Math.min(nowMs, ...states.map(({ oldestUntoldAtMs }) => oldestUntoldAtMs ?? nowMs));
  return readings({
    aggregator_open_holds: sum(({ openHolds }) => openHolds),
    aggregator_held_nano_usd: sum(({ heldNanoUsd }) => heldNanoUsd),
    aggregator_frozen_accounts: sum(({ isFrozen }) => (isFrozen ? 1 : 0)),
    aggregator_outbox_entries: sum(({ untoldEntries }) => untoldEntries),
    aggregator_outbox_lag_seconds: (nowMs - oldestMs) / 1_000,
  });
}

type AccountGauge = Extract<
  GaugeReading["name"],
  | "aggregator_open_holds"
  | "aggregator_held_nano_usd"
  | "aggregator_frozen_accounts"
  | "aggregator_outbox_entries"
  | "aggregator_outbox_lag_seconds"
>;

function readings(values: Readonly<Record<AccountGauge, number>>): GaugeReading[] {
  return (Object.keys(values) as AccountGauge[]).map((name) => ({ name, labels: {}, value: values[name] }));
}

const NOTHING_OPEN = readings({
  aggregator_open_holds: 0,
  aggregator_held_nano_usd: 0,
  aggregator_frozen_accounts: 0,
  aggregator_outbox_entries: 0,
  aggregator_outbox_lag_seconds: 0,
});
