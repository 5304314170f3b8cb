import type { MetricsMessage } from "@aggregator/contracts/metrics";
import { describe, expect, it } from "vitest";
import { createAccountMeter } from "../../src/account/account-meter.ts";
import type { AccountState } from "../../src/account/read-account-state.ts";

const T0_MS = 1_000_000;

function state(companyId: string, changes: Partial<AccountState> = {}): AccountState {
  return {
    companyId,
    openHolds: 1,
    heldNanoUsd: 100,
    isFrozen: false,
    untoldEntries: 2,
    oldestUntoldAtMs: T0_MS - 30_000,
    ...changes,
  };
}

/** What is pushed once the accounts were noted as given. */
async function gaugesOf(noted: readonly (readonly [AccountState, number])[]) {
  const sent: MetricsMessage[] = [];
  const meter = createAccountMeter(1_000, (message) => Promise.resolve(sent.push(message)));
  for (const [one, atMs] of noted) await meter.note(one, atMs);
  return Object.fromEntries((sent.at(-1)?.gauges ?? []).map(({ name, value }) => [name, value]));
}

describe("the accounts of an isolate together", () => {
  it("are summed, the oldest untold entry is their lag, and no company is named", async () => {
    const other = state("b", { openHolds: 3, oldestUntoldAtMs: T0_MS - 90_000, isFrozen: true });
    const gauges = await gaugesOf([
      [state("a"), T0_MS - 2_000],
      [other, T0_MS],
    ]);
    expect(gauges).toEqual({
      aggregator_open_holds: 4,
      aggregator_held_nano_usd: 200,
      aggregator_frozen_accounts: 1,
      aggregator_outbox_entries: 4,
      aggregator_outbox_lag_seconds: 90,
    });
  });

  it("an account counts as it is now, not as it was", async () => {
    const idle = state("a", { openHolds: 0, heldNanoUsd: 0, untoldEntries: 0, oldestUntoldAtMs: null });
    const gauges = await gaugesOf([
      [state("a"), T0_MS - 2_000],
      [idle, T0_MS],
    ]);
    expect(gauges).toMatchObject({ aggregator_open_holds: 0, aggregator_outbox_lag_seconds: 0 });
  });

  it("a quiet isolate says at once what was counted, and that nothing is open", async () => {
    const sent: MetricsMessage[] = [];
    const meter = createAccountMeter(60_000, (message) => Promise.resolve(sent.push(message)));
    const idle = state("a", { openHolds: 0, heldNanoUsd: 0, untoldEntries: 0, oldestUntoldAtMs: null });
    await meter.note(state("a"), T0_MS);
    await meter.note(state("a"), T0_MS + 5_000);
    await meter.note(idle, T0_MS + 10_000);
    expect(sent.map(({ gauges }) => gauges?.[0]?.value)).toEqual([1, 0]);
    await meter.note(idle, T0_MS + 15_000);
    expect(sent).toHaveLength(2);
    meter.count("aggregator_overruns_total", 1);
    await meter.note(idle, T0_MS + 20_000);
    expect(sent.at(-1)?.counts).toEqual([{ name: "aggregator_overruns_total", labels: {}, increase: 1 }]);
  });

  it("an account that was moved to another isolate is forgotten", async () => {
    const gauges = await gaugesOf([
      [state("a"), T0_MS - 121_000],
      [state("b"), T0_MS],
    ]);
    expect(gauges).toMatchObject({ aggregator_open_holds: 1 });
  });
});
