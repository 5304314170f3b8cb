import { describe, expect, it } from "vitest";
import { endingOfLapsedLease } from "../../src/domain/lapsed-lease.ts";

const held = {
  dispatched: false,
  holdNanoUsd: 100,
  promptPriceNanoUsd: 11,
  promptCostNanoUsd: 10,
  checkpoint: null,
  credentialOwner: "platform",
} as const;
const ours = { credentialOwner: "platform" };
const theirs = { credentialOwner: "company" } as const;

describe("a lapsed lease", () => {
  it.each([
    ["never sent: nothing is charged", held, { state: "expired" }],
    [
      "sent, nothing reported: the prompt",
      { ...held, dispatched: true },
      { state: "settled", priceNanoUsd: 11, costNanoUsd: 10, ...ours },
    ],
    [
      "sent, prompt dearer than its hold: the hold",
      { ...held, dispatched: true, promptPriceNanoUsd: 500 },
      { state: "settled", priceNanoUsd: 100, costNanoUsd: 10, ...ours },
    ],
    [
      "with a checkpoint: what it said",
      { ...held, dispatched: true, checkpoint: { priceNanoUsd: 42, costNanoUsd: 40 } },
      { state: "settled", priceNanoUsd: 42, costNanoUsd: 40, ...ours },
    ],
    [
      "with a checkpoint over the hold: the hold, for it is an estimate",
      { ...held, dispatched: true, checkpoint: { priceNanoUsd: 142, costNanoUsd: 140 } },
      { state: "settled", priceNanoUsd: 100, costNanoUsd: 140, ...ours },
    ],
    [
      "of the company's own key, nothing reported: the fee on the prompt, at no cost",
      { ...held, ...theirs, dispatched: true },
      { state: "settled", priceNanoUsd: 11, costNanoUsd: 0, ...theirs },
    ],
    [
      "of the company's own key, with a checkpoint: the fee that it said, at no cost",
      { ...held, ...theirs, dispatched: true, checkpoint: { priceNanoUsd: 4, costNanoUsd: 0 } },
      { state: "settled", priceNanoUsd: 4, costNanoUsd: 0, ...theirs },
    ],
    [
      "planned for the company's own key and served by ours: our cost, our key",
      { ...held, ...theirs, dispatched: true, checkpoint: { priceNanoUsd: 42, costNanoUsd: 40 } },
      { state: "settled", priceNanoUsd: 42, costNanoUsd: 40, ...ours },
    ],
  ])("%s", (_name, reservation, ending) => {
    expect(endingOfLapsedLease(reservation)).toEqual(ending);
  });
});
