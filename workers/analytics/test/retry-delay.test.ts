import { expect, it } from "vitest";
import { retryDelaySeconds } from "../src/domain/retry-delay.ts";

it.each([
  [0, 5],
  [1, 5],
  [2, 10],
  [5, 80],
  [10, 2_560],
  [11, 3_600],
  [1_000, 3_600],
])("delivery %i is followed by %i seconds of rest", (attempts, seconds) => {
  expect(retryDelaySeconds(attempts)).toBe(seconds);
});

it("outlives a database that is away for an hour within the twenty retries of wrangler.toml", () => {
  const total = Array.from({ length: 20 }, (_, index) => retryDelaySeconds(index + 1)).reduce((a, b) => a + b, 0);
  expect(total).toBeGreaterThan(10 * 3_600);
});
