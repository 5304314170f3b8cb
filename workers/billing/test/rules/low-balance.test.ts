import { describe, expect, it } from "vitest";
import { crossedThreshold, levelOf, reachedShare } from "../../src/domain/low-balance.ts";

describe("the level of a balance among its thresholds", () => {
  it.each([
    [[10, 50], 100, null],
    [[10, 50], 50, null],
    [[10, 50], 49, 50],
    [[10, 50], 10, 50],
    [[10, 50], 9, 10],
    [[10, 50], -5, 10],
    [[], -5, null],
  ])("%j at %i: %s", (thresholds, balance, level) => {
    expect(levelOf(thresholds, balance)).toBe(level);
  });
});

describe("a crossing is told once", () => {
  it.each([
    ["falls below the first", null, 50, 50],
    ["stays below it", 50, 50, null],
    ["falls below the next", 50, 10, 10],
    ["falls below both at once", null, 10, 10],
    ["rises above the lower", 10, 50, null],
    ["rises above all", 10, null, null],
  ])("%s", (_name, told, level, crossed) => {
    expect(crossedThreshold(told, level)).toBe(crossed);
  });

  it("a balance that goes up and down is told each time that it falls", () => {
    const thresholds = [10, 50];
    let told: number | null = null;
    const heard = [60, 49, 20, 9, 9, 30, 9, 80, 49].map((balance) => {
      const level = levelOf(thresholds, balance);
      const crossed = crossedThreshold(told, level);
      told = level;
      return crossed;
    });
    expect(heard).toEqual([null, 50, null, 10, null, null, 10, null, 50]);
  });
});

describe("the share of a budget that is reached", () => {
  it.each([
    [79, 100, 0, null],
    [80, 100, 0, 80],
    [99, 100, 80, null],
    [100, 100, 80, 100],
    [250, 100, 0, 100],
    [250, 100, 100, null],
    [1, 0, 0, null],
    [9_000_000_000_000_000, 9_000_000_000_000_000, 0, 100],
  ])("%i of %i, told of %i %%: %s", (spent, budget, told, share) => {
    expect(reachedShare(spent, budget, told)).toBe(share);
  });
});
