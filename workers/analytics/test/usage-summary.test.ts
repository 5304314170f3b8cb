import { createLogger } from "@aggregator/runtime/log";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { DAY_MS } from "../src/domain/calendar.ts";
import { exportUsage } from "../src/operations/export-usage.ts";
import { getPlatformUsage } from "../src/operations/get-platform-usage.ts";
import { getProviderLeague } from "../src/operations/get-provider-league.ts";
import { getPlatformUsageSummary, getUsageSummary } from "../src/operations/get-usage-summary.ts";
import { rollUpDays } from "../src/operations/roll-up-days.ts";
import { actorOf, cell, HOUR_MS, histogram, operator, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { store } from "./store.ts";

const db = openDatabase(env.DB);
const NOW_MS = T0_MS + 10 * HOUR_MS;
const denied = { ok: false, error: { code: "permission_denied" } };

beforeEach(async () => {
  await clearDatabase();
  await store("company-1", [
    cell({
      model: "a",
      requests: 90,
      price_nano_usd: 500,
      cost_nano_usd: 400,
      latency_ms_histogram: histogram({ 4: 90 }),
    }),
    cell({ model: "b", provider: "openai", requests: 10, errors: 5, status: 502, price_nano_usd: 1_500_000_000 }),
    cell({ model: "c", requests: 0, price_nano_usd: 0, cache_hits: 0, latency_ms_histogram: histogram({ 10: 10 }) }),
  ]);
  await store("company-2", [
    cell({ model: "a", requests: 7, price_nano_usd: 70, cost_nano_usd: 60, loss_nano_usd: 3 }),
  ]);
});

describe("GET /v1/usage/summary", () => {
  it("is narrowed by every dimension that there is", async () => {
    const filters = { key: "key-1", endpoint: "chat/completions", status: "502", member: "" };
    const answer = await getUsageSummary(db, actorOf("company-1"), filters, NOW_MS);
    expect(answer).toMatchObject({ ok: true, value: { requests: 10, errors: 5, top_models: [{ model: "b" }] } });
  });

  it("of the platform is narrowed by company and status", async () => {
    const answer = await getPlatformUsageSummary(db, operator(), { company: "company-2", status: "200" }, NOW_MS);
    expect(answer).toMatchObject({ ok: true, value: { requests: 7, cost_nano_usd: 70 } });
  });

  it("tells spend, requests, tokens, rates, percentiles and the dearest models", async () => {
    const answer = await getUsageSummary(db, actorOf("company-1"), {}, NOW_MS);
    expect(answer).toEqual({
      ok: true,
      value: {
        from: "2026-11-19T10:00:00.000Z",
        to: "2026-11-20T10:00:00.000Z",
        requests: 100,
        errors: 5,
        error_rate: 0.05,
        input_tokens: 30,
        cached_input_tokens: 12,
        output_tokens: 60,
        reasoning_tokens: 0,
        cache_hit_rate: 0.4,
        response_cache_hit_rate: 0,
        cost_nano_usd: 1_500_000_500,
        cost: "1.500000500",
        latency_ms: { p50: 155, p95: 1_747 },
        time_to_first_token_ms: { p50: 38, p95: 49 },
        top_models: [
          { model: "b", requests: 10, cost_nano_usd: 1_500_000_000 },
          { model: "a", requests: 90, cost_nano_usd: 500 },
          { model: "c", requests: 0, cost_nano_usd: 0 },
        ],
      },
    });
  });

  it("says null, not zero, where there was nothing", async () => {
    const answer = await getUsageSummary(db, actorOf("company-3"), {}, NOW_MS);
    expect(answer).toMatchObject({
      value: {
        requests: 0,
        error_rate: null,
        cache_hit_rate: null,
        latency_ms: { p50: null, p95: null },
        top_models: [],
      },
    });
  });

  it("is the same from days as from hours", async () => {
    const wide = { from: "2026-11-01", to: "2026-12-01" };
    const fromHours = await getUsageSummary(db, actorOf("company-1"), wide, NOW_MS);
    await rollUpDays(db, T0_MS + DAY_MS + HOUR_MS, createLogger({ worker: "test", level: "error" }));
    await env.DB.prepare("DELETE FROM usage_hourly").run();
    expect(await getUsageSummary(db, actorOf("company-1"), wide, NOW_MS)).toEqual(fromHours);
    expect(fromHours).toMatchObject({ value: { requests: 100 } });
  });

  it("is refused without usage:read", async () => {
    expect(await getUsageSummary(db, actorOf("c", { permissions: [] }), {}, NOW_MS)).toMatchObject(denied);
  });
});

describe("GET /v1/usage as CSV", () => {
  it("has a header, one line per group, and no formula of a key or model", async () => {
    await store("company-4", [cell({ model: "=HYPERLINK(1)", price_nano_usd: -3 })]);
    const answer = await exportUsage(db, actorOf("company-4"), { group_by: "model,member" }, NOW_MS);
    expect(answer).toEqual({
      ok: true,
      value:
        "model,member,requests,errors,input_tokens,cached_input_tokens,output_tokens,cost_nano_usd\r\n" +
        "'=HYPERLINK(1),,1,0,10,4,20,-3\r\n",
    });
  });

  it("is refused without usage:read", async () => {
    expect(await exportUsage(db, actorOf("c", { permissions: [] }), {}, NOW_MS)).toMatchObject(denied);
  });
});

describe("the operators' views", () => {
  const margins = { cost_nano_usd: 70, provider_cost_nano_usd: 60, margin_nano_usd: 10, loss_nano_usd: 3 };

  it.each([
    ["hours", NOW_MS],
    ["days", T0_MS + 5 * DAY_MS],
  ])("show every company's margin from %s", async (source, nowMs) => {
    if (source === "days") await rollUpDays(db, nowMs, createLogger({ worker: "test", level: "error" }));
    const range = { from: "2026-11-18", to: source === "days" ? "2026-11-24" : "2026-11-20T10:00:00Z" };
    const answer = await getPlatformUsage(db, operator(), { group_by: "company", ...range }, nowMs);
    expect(answer).toMatchObject({
      ok: true,
      value: {
        data: [
          { group: { company: "company-1" }, requests: 100, cost_nano_usd: 1_500_000_500 },
          { group: { company: "company-2" }, requests: 7, ...margins },
        ],
      },
    });
  });

  it("sum up the platform", async () => {
    const answer = await getPlatformUsageSummary(db, operator(), {}, NOW_MS);
    expect(answer).toMatchObject({
      ok: true,
      value: { requests: 107, cost_nano_usd: 1_500_000_570, loss_nano_usd: 3 },
    });
  });

  it("rank providers by margin, with their error rates and speed", async () => {
    const answer = await getProviderLeague(db, operator(), {}, NOW_MS);
    expect(answer).toMatchObject({
      ok: true,
      value: [
        { provider: "openai", error_rate: 0.5, margin_nano_usd: 1_499_999_000, latency_ms: { p50: 75, p95: 98 } },
        { provider: "sandbox", requests: 97, error_rate: 0, margin_nano_usd: -890, loss_nano_usd: 3 },
      ],
    });
  });

  it.each([
    ["usage", getPlatformUsage],
    ["the summary", getPlatformUsageSummary],
    ["the league", getProviderLeague],
  ])("refuse %s to everybody else", async (_, operation) => {
    expect(await operation(db, actorOf("company-1"), {}, NOW_MS)).toMatchObject(denied);
  });
});
