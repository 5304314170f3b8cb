import type { UsageRowView } from "@aggregator/contracts/analytics";
import type { Page } from "@aggregator/contracts/page";
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { SQL } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { usageStatement } from "../src/db/select-usage.ts";
import { parseUsageQuery } from "../src/domain/usage-query.ts";
import AnalyticsWorker from "../src/index.ts";
import { getUsage } from "../src/operations/get-usage.ts";
import { actorOf, cell, HOUR_MS, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { explain, rowsRead } from "./inspect-statement.ts";
import { store } from "./store.ts";

const db = openDatabase(env.DB);
const NOW_MS = T0_MS + 30 * HOUR_MS + 1;

beforeEach(clearDatabase);

async function usageOf(companyId: string, query: unknown): Promise<Page<UsageRowView>> {
  const answer = await getUsage(db, actorOf(companyId), query, NOW_MS);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}

describe("GET /v1/usage", () => {
  it("sums what the company paid by model, in a stable order", async () => {
    await store("company-1", [
      cell({ hour_ms: T0_MS + 10 * HOUR_MS, model: "b", price_nano_usd: 5, cost_nano_usd: 4 }),
      cell({ hour_ms: T0_MS + 11 * HOUR_MS, model: "a", price_nano_usd: 7, errors: 1, status: 502 }),
      cell({ hour_ms: T0_MS + 12 * HOUR_MS, model: "b", price_nano_usd: 9, requests: 3 }),
    ]);
    const page = await usageOf("company-1", { group_by: "model" });
    const tokens = { input_tokens: 10, cached_input_tokens: 4, output_tokens: 20 };
    const twice = { input_tokens: 20, cached_input_tokens: 8, output_tokens: 40 };
    expect(page).toEqual({
      data: [
        { group: { model: "a" }, requests: 1, errors: 1, ...tokens, cost_nano_usd: 7 },
        { group: { model: "b" }, requests: 4, errors: 0, ...twice, cost_nano_usd: 14 },
      ],
      nextCursor: null,
    });
  });

  it("answers the last 24 hours by hour when nothing is asked for", async () => {
    const hours = [5, 6, 7, 29, 30].map((hour) => T0_MS + hour * HOUR_MS);
    await store(
      "company-1",
      hours.map((hour_ms) => cell({ hour_ms })),
    );
    const page = await usageOf("company-1", {});
    expect(page.data.map(({ group }) => group["hour"])).toEqual([
      "2026-11-20T06:00:00.000Z",
      "2026-11-20T07:00:00.000Z",
      "2026-11-21T05:00:00.000Z",
      "2026-11-21T06:00:00.000Z",
    ]);
  });

  it.each([
    ["day", ["2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"]],
    ["key", ["key-1", "key-2"]],
    ["provider", ["openai", "sandbox"]],
    ["endpoint", ["chat/completions", "embeddings"]],
    ["status", ["200", "429"]],
    ["member", [null, "member-7"]],
  ])("groups by %s", async (grouping, expected) => {
    await store("company-1", [
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, provider: "openai" }),
      cell({
        hour_ms: T0_MS + 25 * HOUR_MS,
        key_id: "key-2",
        member_id: "member-7",
        endpoint: "embeddings",
        status: 429,
      }),
    ]);
    const page = await usageOf("company-1", { group_by: grouping });
    expect(page.data.map(({ group }) => group[grouping])).toEqual(expected);
  });

  it("groups by several dimensions at once", async () => {
    await store("company-1", [
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, model: "a", provider: "p1" }),
      cell({ hour_ms: T0_MS + 9 * HOUR_MS, model: "a", provider: "p2" }),
    ]);
    const page = await usageOf("company-1", { group_by: "model,provider" });
    expect(page.data.map(({ group }) => group)).toEqual([
      { model: "a", provider: "p1" },
      { model: "a", provider: "p2" },
    ]);
  });

  it.each([
    [{ key: "key-2" }, 1],
    [{ model: "b" }, 2],
    [{ provider: "openai" }, 4],
    [{ endpoint: "embeddings" }, 8],
    [{ status: "429" }, 16],
    [{ member: "member-7" }, 32],
    [{ member: "" }, 31],
    [{ model: "b", provider: "openai" }, 0],
    [{ key: "' OR 1=1 --" }, 0],
  ])("counts only what the filter %o names", async (filter, requests) => {
    await store("company-1", [
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, key_id: "key-2", requests: 1 }),
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, model: "b", requests: 2 }),
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, provider: "openai", requests: 4 }),
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, endpoint: "embeddings", requests: 8 }),
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, status: 429, requests: 16 }),
      cell({ hour_ms: T0_MS + 8 * HOUR_MS, member_id: "member-7", requests: 32 }),
    ]);
    const page = await usageOf("company-1", filter);
    expect(page.data.reduce((sum, row) => sum + row.requests, 0)).toBe(requests);
  });

  it("pages through every group exactly once, also while rows are added behind the cursor", async () => {
    const cells = Array.from({ length: 25 }, (_, index) =>
      cell({
        hour_ms: T0_MS + (8 + (index % 5)) * HOUR_MS,
        model: `m${String(index).padStart(2, "0")}`,
      }),
    );
    await store("company-1", cells);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const query = { group_by: "hour,model", limit: "7", ...(cursor !== null && { cursor }) };
      const page: Page<UsageRowView> = await usageOf("company-1", query);
      seen.push(...page.data.map(({ group }) => `${group["hour"]} ${group["model"]}`));
      await store("company-1", [cell({ hour_ms: T0_MS + 7 * HOUR_MS, model: `late-${seen.length}` })]);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const expected = cells.map((one) => `${new Date(one.hour_ms).toISOString()} ${one.model}`);
    expect(seen).toEqual(expected.toSorted());
  });

  it("never shows another company's usage", async () => {
    await store("company-1", [cell({ hour_ms: T0_MS + 8 * HOUR_MS, key_id: "key-of-1" })]);
    expect(await usageOf("company-2", { group_by: "key", key: "key-of-1" })).toEqual({ data: [], nextCursor: null });
  });

  it("is refused without usage:read", async () => {
    const answer = await getUsage(db, actorOf("company-1", { permissions: ["billing:read"] }), {}, NOW_MS);
    expect(answer).toEqual({
      ok: false,
      error: { code: "permission_denied", message: "This needs the permission usage:read." },
    });
  });

  it.each([
    [{ group_by: "colour" }, "group_by.0"],
    [{ group_by: "hour,hour" }, "group_by"],
    [{ group_by: "hour,model,key,provider" }, "group_by"],
    [{ group_by: "" }, "group_by.0"],
    [{ from: "yesterday" }, "from"],
    [{ from: "2026-11-21T00:00:00Z", to: "2026-11-20T00:00:00Z" }, "from"],
    [{ from: "2020-01-01", group_by: "model" }, "from"],
    [{ from: "2026-09-01", group_by: "hour" }, "from"],
    [{ limit: "1000000000" }, "limit"],
    [{ cursor: "%%%" }, "cursor"],
    [{ cursor: btoa('["a"]') }, "cursor"],
    [{ model: "m".repeat(10_000) }, "model"],
    [{ status: "5xx" }, "status"],
    [{ status: "" }, "status"],
    [{ company_id: "company-2" }, "company_id"],
    [{ company: "company-2" }, "company"],
  ])("refuses %o naming the field", async (query, param) => {
    const answer = await getUsage(db, actorOf("company-1"), query, NOW_MS);
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });

  it("reads its range by the primary key", async () => {
    const details = await explain(statementOf({ group_by: "model" }));
    expect(details[0]).toBe("SEARCH usage_hourly USING PRIMARY KEY (company_id=? AND hour_ms>? AND hour_ms<?)");
    expect(details.filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
  });

  it("reads no more rows than the cells of the range", async () => {
    const cells = Array.from({ length: 200 }, (_, index) =>
      cell({ hour_ms: T0_MS + (index % 30) * HOUR_MS, key_id: `key-${index}` }),
    );
    await store("company-1", cells);
    await store("company-2", cells);
    const statement = statementOf({ from: "2026-11-20T10:00:00Z", to: "2026-11-20T12:00:00Z" });
    const inRange = cells.filter(({ hour_ms: hour }) => hour >= T0_MS + 10 * HOUR_MS && hour < T0_MS + 12 * HOUR_MS);
    expect(inRange.length).toBeGreaterThan(10);
    expect(await rowsRead(statement)).toBeLessThanOrEqual(inRange.length + 1);
  });
});

function statementOf(input: unknown): SQL {
  const query = parseUsageQuery(input, NOW_MS);
  if (!query.ok) throw new Error(query.error.message);
  const { fromMs, toMs } = query.value;
  return usageStatement({ companyId: "company-1" }, query.value, [{ rollup: "hourly", fromMs, toMs }]);
}

describe("the Worker", () => {
  const context = { requestId: "request-1", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

  it("answers usage over RPC and reads the company from the actor", async () => {
    const hourMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    await store("company-1", [cell({ hour_ms: hourMs, price_nano_usd: 42 })]);
    const worker = new AnalyticsWorker(createExecutionContext(), env);
    const answer = await worker.usage(context, actorOf("company-1"), { group_by: "key" });
    expect(answer).toMatchObject({ ok: true, value: { data: [{ group: { key: "key-1" }, cost_nano_usd: 42 }] } });
  });

  it("is healthy when its database answers", async () => {
    expect(await new AnalyticsWorker(createExecutionContext(), env).health(context)).toMatchObject({ ok: true });
  });
});
