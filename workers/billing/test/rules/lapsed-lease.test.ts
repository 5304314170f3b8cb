import { describe, expect, it } from "vitest";
import { endingOfLapsedLease } from "../../src/domain/lapsed-lease.ts";

const held = { dispatched: false, holdNanoUsd: 100, promptPriceNanoUsd: 11, promptCostNanoUsd: 10, checkpoint: null };

describe("a lapsed lease", () => {
  it.each([
    ["never sent: nothing is charged", held, { state: "expired" }],
    [
      "sent, nothing reported: the prompt",
      { ...held, dispatched: true },
      { state: "settled", priceNanoUsd: 11, costNanoUsd: 10 },
    ],
    [
      "sent, prompt dearer than its hold: the hold",
      { ...held, dispatched: true, promptPriceNanoUsd: 500 },
      { state: "settled", priceNanoUsd: 100, costNanoUsd: 10 },
    ],
    [
      "with a checkpoint: what it said",
      { ...held, dispatched: true, checkpoint: { priceNanoUsd: 42, costNanoUsd: 40 } },
      { state: "settled", priceNanoUsd: 42, costNanoUsd: 40 },
    ],
    [
      "with a checkpoint over the hold: the hold, for it is an estimate",
      { ...held, dispatched: true, checkpoint: { priceNanoUsd: 142, costNanoUsd: 140 } },
      { state: "settled", priceNanoUsd: 100, costNanoUsd: 140 },
    ],
  ])("%s", (_name, reservation, ending) => {
    expect(endingOfLapsedLease(reservation)).toEqual(ending);
  });
});
