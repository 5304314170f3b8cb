import type { UsageCell } from "@aggregator/contracts/usage-events";
import { createLogger } from "@aggregator/runtime/log";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { usageStatement } from "../src/db/select-usage.ts";
import { DAY_MS } from "../src/domain/calendar.ts";
import { parseUsageQuery } from "../src/domain/usage-query.ts";
import { usageSegments } from "../src/domain/usage-segments.ts";
import { getUsageSummary } from "../src/operations/get-usage-summary.ts";
import { rollUpDays } from "../src/operations/roll-up-days.ts";
import { actorOf, cell, HOUR_MS, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { rowsRead } from "./inspect-statement.ts";
import { store } from "./store.ts";

const REQUESTS = 10_000_000;
const DAYS = 30;
const KEYS = 5;
const MODELS = 4;
const CELLS_PER_HOUR = KEYS * MODELS;
const CELLS = DAYS * 24 * CELLS_PER_HOUR;
const NOW_MS = T0_MS + DAYS * DAY_MS + 2 * HOUR_MS;
const READABLE_MS = T0_MS + DAYS * DAY_MS;

function requestsOf(index: number): number {
  return Math.floor(REQUESTS / CELLS) + (index < REQUESTS % CELLS ? 1 : 0);
}

/** Ten million requests of one company in thirty days, as its account would tell them. */
function cellsOf(): UsageCell[] {
  return Array.from({ length: CELLS }, (_, index) =>
    cell({
      hour_ms: T0_MS + Math.floor(index / CELLS_PER_HOUR) * HOUR_MS,
      key_id: `key-${index % KEYS}`,
      model: `model-${Math.floor(index / KEYS) % MODELS}`,
      requests: requestsOf(index),
      price_nano_usd: requestsOf(index) * 1_000_003,
    }),
  );
}

beforeAll(async () => {
  await clearDatabase();
  await store("company-1", cellsOf());
  await store("company-2", cellsOf());
  await rollUpDays(openDatabase(env.DB), NOW_MS, createLogger({ worker: "test", level: "error" }));
}, 120_000);

describe("at 10 million requests", () => {
  it.each([
    ["thirty days by model", { from: "2026-11-20", to: "2026-12-20", group_by: "model" }, DAYS * CELLS_PER_HOUR],
    ["thirty days by day", { from: "2026-11-20", to: "2026-12-20", group_by: "day" }, DAYS * CELLS_PER_HOUR],
    ["the last 24 hours by hour", {}, 25 * CELLS_PER_HOUR],
    ["a page of hours", { from: "2026-11-20", to: "2026-12-20", group_by: "hour", limit: "10" }, 11 * CELLS_PER_HOUR],
  ])("%s reads each cell that it is made of at most twice", async (_, input, bound) => {
    const query = parseUsageQuery(input, NOW_MS);
    if (!query.ok) throw new Error(query.error.message);
    const { fromMs, toMs, groupBy } = query.value;
    const isByHour = groupBy.includes("hour");
    const segments = usageSegments({ fromMs, toMs, isByHour, readableThroughMs: READABLE_MS, nowMs: NOW_MS });
    const rows = await rowsRead(usageStatement({ companyId: "company-1" }, query.value, segments));
    expect(rows).toBeGreaterThan(0);
    // Grouping in another order than the key's sorts the cells, which reads them once more.
    expect(rows).toBeLessThanOrEqual(2 * bound + 2);
  });

  it("the summary counts every request, to the nano", async () => {
    const range = { from: "2026-11-20", to: "2026-12-20" };
    const answer = await getUsageSummary(openDatabase(env.DB), actorOf("company-1"), range, NOW_MS);
    expect(answer).toMatchObject({ ok: true, value: { requests: REQUESTS, cost_nano_usd: REQUESTS * 1_000_003 } });
  });
});
