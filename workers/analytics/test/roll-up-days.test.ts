import { createLogger } from "@aggregator/runtime/log";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { readRollupState } from "../src/db/rollup-state.ts";
import { DAY_MS } from "../src/domain/calendar.ts";
import { forgetUsage } from "../src/operations/forget-usage.ts";
import { rollUpDays } from "../src/operations/roll-up-days.ts";
import { actorOf, cell, HOUR_MS, histogram, operator, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { store } from "./store.ts";

const db = openDatabase(env.DB);
const log = createLogger({ worker: "test", level: "error" });

beforeEach(clearDatabase);

/** Sums of the hours, the days and the platform's days: equal when everything has been derived. */
async function sums() {
  const sumOf = (table: string) =>
    env.DB.prepare(
      `SELECT sum(requests) AS requests, sum(price_nano_usd) AS price, sum(version) AS version FROM ${table}`,
    ).first();
  return {
    hourly: await sumOf("usage_hourly"),
    daily: await sumOf("usage_daily"),
    platform: await sumOf("platform_daily"),
  };
}

function expectEqual({ hourly, daily, platform }: Awaited<ReturnType<typeof sums>>) {
  expect(daily).toEqual(hourly);
  expect(platform).toEqual(hourly);
}

describe("the roll-up of days", () => {
  it("derives each ended day of each company from its hours, histograms included", async () => {
    await store("company-1", [
      cell({ hour_ms: T0_MS + 3 * HOUR_MS, version: 3, latency_ms_histogram: histogram({ 2: 1, 5: 4 }) }),
      cell({ hour_ms: T0_MS + 9 * HOUR_MS, version: 5, latency_ms_histogram: histogram({ 2: 2 }) }),
      cell({ hour_ms: T0_MS + 25 * HOUR_MS, version: 6 }),
    ]);
    await store("company-2", [cell({ version: 1 })]);
    expect(await rollUpDays(db, T0_MS + 2 * DAY_MS + HOUR_MS, log)).toEqual({ days: 2, isComplete: true });
    const day = await env.DB.prepare(
      "SELECT day_ms, requests, version, price_nano_usd, latency_ms_histogram FROM usage_daily WHERE company_id = 'company-1' ORDER BY day_ms",
    ).first();
    expect(day).toEqual({
      day_ms: T0_MS,
      requests: 2,
      version: 8,
      price_nano_usd: 2_200,
      latency_ms_histogram: JSON.stringify(histogram({ 2: 3, 5: 4 })),
    });
    expectEqual(await sums());
  });

  it("leaves the day that has not ended alone", async () => {
    await store("company-1", [cell({ hour_ms: T0_MS })]);
    await rollUpDays(db, T0_MS + DAY_MS - 1, log);
    expect((await sums()).daily).toEqual({ requests: null, price: null, version: null });
  });

  it("derives a day again, in the same commit, when one of its hours arrives or changes late", async () => {
    await store("company-1", [cell({ version: 4, price_nano_usd: 100 })]);
    const nowMs = T0_MS + DAY_MS + HOUR_MS;
    await rollUpDays(db, nowMs, log);
    await store("company-1", [cell({ hour_ms: T0_MS + HOUR_MS, version: 2, price_nano_usd: 7 })], nowMs);
    expectEqual(await sums());
    await store("company-1", [cell({ version: 9, price_nano_usd: 90 })], nowMs);
    expectEqual(await sums());
    expect((await sums()).daily).toMatchObject({ price: 97, version: 11 });
  });

  it("changes nothing when late messages repeat", async () => {
    const cells = [cell({ version: 4 }), cell({ hour_ms: T0_MS + HOUR_MS, version: 5 })];
    const nowMs = T0_MS + DAY_MS + HOUR_MS;
    await store("company-1", cells, nowMs);
    await rollUpDays(db, nowMs, log);
    expect(await store("company-1", cells, nowMs)).toBe(0);
    await rollUpDays(db, nowMs, log);
    expectEqual(await sums());
  });

  it("gives the same numbers when everything is rebuilt from the ledger's messages", async () => {
    const cells = Array.from({ length: 60 }, (_, index) =>
      cell({ hour_ms: T0_MS + index * HOUR_MS, key_id: `key-${index % 3}`, version: index + 1, price_nano_usd: index }),
    );
    const nowMs = T0_MS + 3 * DAY_MS + HOUR_MS;
    await store("company-1", cells, nowMs);
    await rollUpDays(db, nowMs, log);
    const before = await sums();
    await clearDatabase();
    await store("company-1", cells.toReversed(), nowMs);
    await rollUpDays(db, nowMs, log);
    expect(await sums()).toEqual(before);
    expectEqual(before);
  });

  it("gives the same numbers when one company is forgotten and told again, and leaves the others alone", async () => {
    const cells = Array.from({ length: 60 }, (_, index) =>
      cell({ hour_ms: T0_MS + index * HOUR_MS, key_id: `key-${index % 3}`, version: index + 1, price_nano_usd: index }),
    );
    const nowMs = T0_MS + 3 * DAY_MS + HOUR_MS;
    for (const company of ["company-1", "company-2"]) await store(company, cells, nowMs);
    await rollUpDays(db, nowMs, log);
    const before = await sums();
    expect(await forgetUsage(db, actorOf("company-1"), "company-2")).toMatchObject({ ok: false });
    expect(await sums()).toEqual(before);
    await forgetUsage(db, operator(), "company-1");
    expect((await sums()).platform).toMatchObject({ requests: 60 });
    await store("company-1", cells.toReversed(), nowMs);
    expect(await sums()).toEqual(before);
  });

  it("goes on where it was cut off", async () => {
    for (const company of ["a", "b", "c"]) await store(company, [cell()]);
    const nowMs = T0_MS + DAY_MS + HOUR_MS;
    await env.DB.prepare(
      "UPDATE rollup_state SET maintained_through_ms = ?, readable_through_ms = ?, company_cursor = 'b'",
    )
      .bind(T0_MS + DAY_MS, T0_MS)
      .run();
    await rollUpDays(db, nowMs, log);
    const rows = await env.DB.prepare("SELECT company_id FROM usage_daily").all();
    expect(rows.results).toEqual([{ company_id: "c" }]);
    expect(await readRollupState(db)).toMatchObject({ readableThroughMs: T0_MS + DAY_MS, companyCursor: "" });
  });

  it("drops hours past their retention and keeps their day", async () => {
    await store("company-1", [cell()]);
    await rollUpDays(db, T0_MS + DAY_MS + HOUR_MS, log);
    await rollUpDays(db, T0_MS + 93 * DAY_MS + HOUR_MS, log);
    const { hourly, daily } = await sums();
    expect(hourly).toMatchObject({ requests: null });
    expect(daily).toMatchObject({ requests: 1 });
  });
});
