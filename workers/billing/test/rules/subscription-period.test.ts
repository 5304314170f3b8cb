import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anchorDayOf, periodEndMs, prorate, retryAtMs } from "../../src/subscriptions/period.ts";
import { addMonths, grossCommission, netCommission } from "../../src/referrals/commission.ts";

const at = (text: string) => Date.parse(text);
const USD = 1_000_000_000;

describe("a period", () => {
  it.each([
    ["an ordinary month", "2026-11-23T10:00:00.123Z", 23, "2026-12-23T10:00:00.123Z"],
    ["over the year's end", "2026-12-05T00:00:00Z", 5, "2027-01-05T00:00:00Z"],
    ["from the 31st into February", "2027-01-31T23:59:59Z", 31, "2027-02-28T23:59:59Z"],
    ["from the 31st into a leap February", "2028-01-31T23:59:59Z", 31, "2028-02-29T23:59:59Z"],
    ["back to the anchor after a short month", "2027-02-28T08:00:00Z", 31, "2027-03-31T08:00:00Z"],
    ["from the 30th into February and back", "2027-02-28T08:00:00Z", 30, "2027-03-30T08:00:00Z"],
  ])("ends on the anchor day: %s", (_name, start, anchorDay, end) => {
    expect(new Date(periodEndMs(at(start), anchorDay)).toISOString()).toBe(new Date(end).toISOString());
  });

  it("twelve of them are a year, whatever the day", () => {
    const day = fc.integer({ min: at("2026-01-01"), max: at("2026-12-31T23:59:59Z") });
    fc.assert(
      fc.property(day, (start) => {
        const anchor = anchorDayOf(start);
        let end = start;
        for (let month = 0; month < 12; month += 1) end = periodEndMs(end, anchor);
        const [from, to] = [new Date(start), new Date(end)];
        expect([to.getUTCFullYear(), to.getUTCMonth(), to.getUTCDate()]).toEqual([2027, from.getUTCMonth(), anchor]);
      }),
    );
  });

  it.each([
    [1, 1],
    [2, 3],
    [3, 5],
    [4, 7],
    [5, null],
  ])("a renewal that failed %i times is tried again %j days after it was due", (attempts, days) => {
    expect(retryAtMs(0, attempts)).toBe(days === null ? null : days * 86_400_000);
  });
});

describe("proration", () => {
  const period = { startMs: 0, endMs: 1_000 };
  const plan = (fee: number, credit: number) => ({
    monthlyFeeNanoUsd: fee * USD,
    includedCreditNanoUsd: credit * USD,
  });

  it.each([
    ["at the beginning: all of the difference", 0, 20 * USD, 10 * USD],
    ["half way: half", 500, 10 * USD, 5 * USD],
    ["a third left: up to the next cent, the credit down", 667, 6_660_000_000, 3_330_000_000],
    ["at the end: nothing", 1_000, 0, 0],
    ["after the end: nothing", 2_000, 0, 0],
    ["before the beginning: never more than all", -500, 20 * USD, 10 * USD],
  ])("%s", (_name, nowMs, feeNanoUsd, creditNanoUsd) => {
    expect(prorate(plan(10, 5), plan(30, 15), period, nowMs)).toEqual({ feeNanoUsd, creditNanoUsd });
  });

  it("to a cheaper plan costs nothing and gives nothing back", () => {
    expect(prorate(plan(30, 15), plan(10, 5), period, 500)).toEqual({ feeNanoUsd: 0, creditNanoUsd: 0 });
  });

  it("is whole cents, never below the exact share and less than a cent above it", () => {
    const fee = fc.integer({ min: 0, max: 900_000 });
    fc.assert(
      fc.property(fee, fee, fc.integer({ min: 0, max: 2_678_400_000 }), (from, to, nowMs) => {
        const month = { startMs: 0, endMs: 2_678_400_000 };
        const cents = (count: number) => ({ monthlyFeeNanoUsd: count * 10_000_000, includedCreditNanoUsd: 0 });
        const { feeNanoUsd } = prorate(cents(from), cents(to), month, nowMs);
        const exact = BigInt(Math.max(0, to - from)) * 10_000_000n * BigInt(month.endMs - nowMs);
        const over = BigInt(feeNanoUsd) * BigInt(month.endMs) - exact;
        expect(feeNanoUsd % 10_000_000).toBe(0);
        expect(over >= 0n && over < 10_000_000n * BigInt(month.endMs)).toBe(true);
      }),
    );
  });
});

describe("a commission", () => {
  it.each([
    [100 * USD, 500, 5 * USD],
    [1, 9_999, 0],
    [10_001, 1, 1],
    [9_000_000_000_000_000, 10_000, 9_000_000_000_000_000],
    [100 * USD, 0, 0],
  ])("of %d at %i basis points is %d, rounded down", (base, bps, gross) => {
    expect(grossCommission(base, bps)).toBe(gross);
  });

  it.each([
    ["nothing taken back", 100, 0, 10, 100],
    ["a third taken back: rounded to the platform", 100, 333, 999, 66],
    ["all taken back", 100, 10, 10, 0],
    ["more than all, by refund and dispute", 100, 20, 10, 0],
    ["of nothing paid", 100, 0, 0, 0],
  ])("%s", (_name, gross, taken, paid, net) => {
    expect(netCommission(gross, taken, paid)).toBe(net);
  });

  it.each([
    ["2026-11-30T00:00:00Z", 3, "2027-02-28T00:00:00Z"],
    ["2026-11-23T12:00:00Z", 12, "2027-11-23T12:00:00Z"],
    ["2026-11-23T12:00:00Z", 0, "2026-11-23T12:00:00Z"],
  ])("from %s for %i months ends %s", (start, months, end) => {
    expect(addMonths(at(start), months)).toBe(at(end));
  });
});
