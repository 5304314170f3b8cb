import { describe, expect, it } from "vitest";
import { budgetPeriod, periodStartMs } from "../../src/domain/budget-period.ts";

const at = (text: string) => Date.parse(text);

describe("the period of a budget", () => {
  it.each([
    ["day", "2026-11-23T00:00:00.000Z", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"],
    ["day", "2026-12-31T23:59:59.999Z", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["month", "2026-12-31T23:59:59.999Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
    ["month", "2028-02-29T12:00:00.000Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
  ] as const)("%s at %s", (period, now, start, end) => {
    expect(budgetPeriod(period, at(now))).toEqual({ startMs: at(start), endMs: at(end) });
    expect(periodStartMs(period, at(now))).toBe(at(start));
  });

  it("a lifetime has neither beginning nor end", () => {
    expect(budgetPeriod("lifetime", at("2026-11-23T12:00:00Z"))).toEqual({ startMs: 0, endMs: Infinity });
  });
});
