import { expect, it } from "vitest";
import { percentileMs } from "../src/domain/percentile.ts";
import { histogram } from "./builders.ts";

it.each([
  ["no measurement has no percentile", histogram(), 0.5, null],
  ["one measurement is read within its bucket", histogram({ 3: 1 }), 0.5, 75],
  ["the first bucket begins at zero", histogram({ 0: 10 }), 0.5, 5],
  ["the whole of a bucket is its upper bound", histogram({ 4: 10 }), 1, 200],
  ["half of two buckets is the bound between them", histogram({ 0: 10, 1: 10 }), 0.5, 10],
  ["p95 lies in the slow bucket", histogram({ 4: 90, 10: 10 }), 0.95, 1_750],
  ["beyond the last bound the last bound is shown", histogram({ 20: 3 }), 0.5, 300_000],
])("%s", (_, counts, share, expected) => {
  expect(percentileMs(counts, share)).toBe(expected);
});
