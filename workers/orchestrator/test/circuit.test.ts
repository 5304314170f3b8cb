import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advance,
  type Circuit,
  closedCircuit,
  LIMITS,
  leaseProbe,
  type Observation,
  observe,
  reachable,
  shareOf,
} from "../src/health/circuit.ts";

const MIDDLE = 0.5;
const failed = (failures: number): Observation => ({ successes: 0, failures, trailingFailures: failures });
const answered = (successes: number): Observation => ({ successes, failures: 0, trailingFailures: 0 });
const mixed = (successes: number, failures: number, trailingFailures: number): Observation => ({
  successes,
  failures,
  trailingFailures,
});

/** The circuit after reports of several isolates, one second apart. */
function after(reports: readonly Observation[], start = closedCircuit(0)): Circuit {
  return reports.reduce((circuit, seen, at) => observe(circuit, seen, at * 1_000, MIDDLE, LIMITS), start);
}

describe("a closed circuit", () => {
  it.each<[name: string, reports: readonly Observation[], state: Circuit["state"]]>([
    ["four failures in a row", [failed(4)], "closed"],
    ["five failures in a row of one isolate", [failed(5)], "open"],
    ["five failures in a row across isolates", [failed(2), failed(2), failed(1)], "open"],
    ["an answer in between", [failed(4), mixed(1, 1, 1), failed(3)], "closed"],
    ["the fifth after the answer in between", [failed(4), mixed(1, 1, 1), failed(4)], "open"],
    ["half of nineteen", [mixed(10, 9, 1)], "closed"],
    ["half of twenty", [mixed(10, 10, 1)], "open"],
    ["less than half of many", [mixed(60, 40, 1)], "closed"],
    ["nothing at all", [answered(0)], "closed"],
  ])("that saw %s is then %s", (_, reports, state) => {
    expect(after(reports).state).toBe(state);
  });

  it("forgets what is older than the window", () => {
    const old = observe(closedCircuit(0), mixed(0, 4, 4), 0, MIDDLE, LIMITS);
    const between = observe(old, answered(1), 1_000, MIDDLE, LIMITS);
    expect(observe(between, mixed(8, 8, 1), 31_000, MIDDLE, LIMITS).state).toBe("closed");
    expect(observe(between, mixed(8, 8, 1), 20_000, MIDDLE, LIMITS).state).toBe("open");
  });
});

describe("an open circuit", () => {
  const open = after([failed(5)]);

  it.each([
    [0, 24_000],
    [0.5, 30_000],
    [1, 36_000],
  ])("with chance %d stays open for %d ms", (random, openMs) => {
    const circuit = observe(closedCircuit(0), failed(5), 0, random, LIMITS);
    expect(advance(circuit, openMs - 1, LIMITS).state).toBe("open");
    expect(advance(circuit, openMs, LIMITS).state).toBe("half_open");
  });

  it("counts nothing of what was under way when it opened", () => {
    expect(observe(open, answered(50), 1_000, MIDDLE, LIMITS)).toBe(open);
    expect(observe(open, failed(50), 1_000, MIDDLE, LIMITS)).toBe(open);
  });

  it("gives one probe lease at a time, and another when that one was lost", () => {
    const half = advance(open, 30_000, LIMITS);
    const first = leaseProbe(half, 30_000, LIMITS);
    const second = leaseProbe(first.circuit, 30_001, LIMITS);
    const third = leaseProbe(second.circuit, 40_000, LIMITS);
    expect([first.granted, second.granted, third.granted]).toEqual([true, false, true]);
    expect(leaseProbe(open, 1_000, LIMITS).granted).toBe(false);
  });

  it("stays away longer each time a probe fails, at most five minutes", () => {
    let circuit = open;
    const times = Array.from({ length: 11 }, () => {
      const openMs = circuit.openUntilMs - circuit.sinceMs;
      circuit = observe(circuit, failed(1), circuit.openUntilMs, MIDDLE, LIMITS);
      return openMs / 1_000;
    });
    expect(times).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300]);
  });

  it("comes back by a tenth and a half, then whole", () => {
    const tried = observe(open, answered(1), 30_000, MIDDLE, LIMITS);
    const shares = [30_000, 40_000, 50_000].reduce<{ circuit: Circuit; shares: number[] }>(
      ({ circuit, shares: before }, now) => {
        const next = advance(circuit, now, LIMITS);
        return { circuit: next, shares: [...before, shareOf(next)] };
      },
      { circuit: tried, shares: [] },
    );
    expect(shares.shares).toEqual([0.1, 0.5, 1]);
  });

  it("opens again for longer when it fails on its way back", () => {
    const tried = observe(open, answered(1), 30_000, MIDDLE, LIMITS);
    const again = observe(tried, mixed(2, 3, 1), 31_000, MIDDLE, LIMITS);
    expect(again).toMatchObject({ state: "open", trips: 2, openUntilMs: 91_000 });
  });

  it("begins anew after it was closed for as long as it is ever open", () => {
    const closed: Circuit = { ...closedCircuit(0), trips: 4 };
    expect(observe(closed, failed(5), 299_999, MIDDLE, LIMITS).trips).toBe(5);
    expect(observe(closed, failed(5), 300_000, MIDDLE, LIMITS).trips).toBe(1);
  });

  it("may be tried at once when the provider is reachable, and comes back by steps when nobody tries", () => {
    const half = reachable(open, 5_000);
    expect(half.state).toBe("half_open");
    expect(reachable(half, 65_000)).toMatchObject({ state: "ramping", rampStep: 0 });
    expect(reachable(closedCircuit(0), 1).state).toBe("closed");
  });
});

describe("whatever happens", () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 60_000 }),
    successes: fc.integer({ min: 0, max: 30 }),
    failures: fc.integer({ min: 0, max: 30 }),
    tail: fc.nat(),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it("a circuit has one of four shares, is never open too long, and has one probe at most", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        let circuit = closedCircuit(0);
        let leasedUntil = 0;
        for (const { waitMs, successes, failures, tail, random } of steps) {
          now += waitMs;
          const trailingFailures = successes === 0 ? failures : tail % (failures + 1);
          const before = circuit;
          circuit = observe(circuit, { successes, failures, trailingFailures }, now, random, LIMITS);
          expect([0, 0.1, 0.5, 1]).toContain(shareOf(circuit));
          const full = Math.min(300_000, 30_000 * circuit.trips);
          const openMs = circuit.state === "open" && before !== circuit ? circuit.openUntilMs - now : full;
          expect(openMs).toBeGreaterThanOrEqual(Math.floor(full * 0.8));
          expect(openMs).toBeLessThanOrEqual(Math.ceil(full * 1.2));
          if (circuit.state !== "half_open") leasedUntil = 0;
          const lease = leaseProbe(circuit, now, LIMITS);
          expect(lease.granted && now < leasedUntil).toBe(false);
          if (lease.granted) leasedUntil = now + LIMITS.probeLeaseMs;
          circuit = lease.circuit;
        }
      }),
    );
  });

  it("a provider that answers everything from some moment on gets all of its traffic back", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now = 0;
        let circuit = closedCircuit(0);
        for (const { waitMs, successes, failures, random } of steps) {
          now += waitMs;
          circuit = observe(circuit, mixed(successes, failures, 0), now, random, LIMITS);
        }
        for (let second = 0; second < 450; second += 1) {
          now += 1_000;
          circuit = observe(circuit, answered(1), now, MIDDLE, LIMITS);
        }
        expect(shareOf(circuit)).toBe(1);
      }),
    );
  });

  it("one that answers everything never opens", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 50 }), (counts) => {
        expect(after(counts.map(answered)).state).toBe("closed");
      }),
    );
  });
});
