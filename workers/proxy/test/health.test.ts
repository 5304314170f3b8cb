import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { describe, expect, it } from "vitest";
import { LocalHealth } from "../src/health/local-health.ts";
import { RetryBudget } from "../src/health/retry-budget.ts";
import type { ProviderScript } from "./provider/script.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, roleChunk, textChunk } from "./support/wire.ts";

const scene = new Scene();
const a = scene.endpoint("a");
const b = scene.endpoint("b");
const slugs = (endpoints: readonly PlannedEndpoint[]) => endpoints.map((endpoint) => endpoint.provider).join("");

function healthAfter(outcome: AttemptOutcome, times: number, retryAfterMs: number | null = null): LocalHealth {
  const health = new LocalHealth(() => 0.5);
  for (let time = 0; time < times; time += 1) health.note(a, { outcome, status: null, retryAfterMs }, 1_000);
  return health;
}

describe("an endpoint in this isolate", () => {
  it.each<[outcome: AttemptOutcome, order: string]>([
    ["connect_failed", "ba"],
    ["first_byte_timeout", "ba"],
    ["idle_timeout", "ba"],
    ["server_error", "ba"],
    ["error_frame", "ba"],
    ["empty_stream", "ba"],
    ["cut_stream", "ba"],
    ["malformed_answer", "ba"],
    ["redirected", "ba"],
    ["client_error", "ab"],
    ["client_disconnected", "ab"],
    ["cancelled", "ab"],
    ["total_timeout", "ab"],
    ["success", "ab"],
  ])("that five times in a row had %s stands as %s", (outcome, order) => {
    expect(slugs(healthAfter(outcome, 4).sort([a, b], 1_000))).toBe("ab");
    expect(slugs(healthAfter(outcome, 5).sort([a, b], 1_000))).toBe(order);
  });

  it("that answers in between does not trip", () => {
    const health = healthAfter("server_error", 4);
    health.note(a, { outcome: "success", status: null, retryAfterMs: null }, 1_000);
    for (let time = 0; time < 4; time += 1)
      health.note(a, { outcome: "server_error", status: null, retryAfterMs: null }, 1_000);
    expect(slugs(health.sort([a, b], 1_000))).toBe("ab");
  });

  it("is tried by one request when its time is over, and is back when that succeeds", () => {
    const health = healthAfter("server_error", 5);
    expect(slugs(health.sort([a, b], 30_999))).toBe("ba");
    expect(slugs(health.sort([a, b], 31_000))).toBe("ab");
    expect(slugs(health.sort([a, b], 31_001))).toBe("ba");
    health.note(a, { outcome: "success", status: null, retryAfterMs: null }, 31_500);
    expect(slugs(health.sort([a, b], 31_501))).toBe("ab");
  });

  it("stays away longer each time, at most five minutes, jittered", () => {
    const health = healthAfter("server_error", 5);
    let now = 31_000;
    for (const openMs of [60_000, 90_000, 120_000, 150_000, 180_000, 210_000, 240_000, 270_000, 300_000, 300_000]) {
      health.sort([a, b], now);
      health.note(a, { outcome: "server_error", status: null, retryAfterMs: null }, now);
      expect(slugs(health.sort([a, b], now + openMs - 1))).toBe("ba");
      now += openMs;
    }
    const early = new LocalHealth(() => 0);
    for (let time = 0; time < 5; time += 1)
      early.note(a, { outcome: "server_error", status: null, retryAfterMs: null }, 0);
    expect(slugs(early.sort([a, b], 24_000))).toBe("ab");
  });

  it("is tried all the same when nothing else is left", () => {
    const health = healthAfter("server_error", 5);
    expect(slugs(health.sort([a], 1_000))).toBe("a");
  });
});

describe("a credential in this isolate", () => {
  it.each<[outcome: AttemptOutcome, retryAfterMs: number | null, until: number]>([
    ["rate_limited", null, 6_000],
    ["rate_limited", 20_000, 21_000],
    ["rate_limited", 1e12, 301_000],
    ["credential_rejected", null, 61_000],
    ["out_of_credit", null, 61_000],
  ])("cools after %s (%s) at once, its endpoint with another credential does not", (outcome, retryAfterMs, until) => {
    const health = healthAfter(outcome, 1, retryAfterMs);
    const other = { ...a, provider: "A", credential: { ...a.credential, id: "other" } };
    expect(slugs(health.sort([a, other], until - 1))).toBe("Aa");
    expect(slugs(health.sort([a, other], until))).toBe("aA");
  });
});

it("asking a provider again is bounded: a fifth of its requests in ten seconds, three at least", () => {
  const budget = new RetryBudget();
  const takes = (now: number) => Array.from({ length: 30 }, () => budget.take("p", now)).filter(Boolean).length;
  expect(takes(0)).toBe(3);
  for (let time = 0; time < 100; time += 1) budget.noteAttempt("p", 1);
  expect(takes(2)).toBe(17);
  expect(budget.take("q", 2)).toBe(true);
  expect(takes(10_000)).toBe(3);
});

describe("requests", () => {
  const withTwo = async (first: readonly ProviderScript[]) => {
    const two = new Scene();
    await two.plan([two.endpoint("a"), two.endpoint("b")]);
    await two.provider("a", ...first);
    await two.provider("b", chatAnswer());
    return two;
  };

  it("go straight to the other provider after five failures in a row", async () => {
    const two = await withTwo([{ status: 500 }]);
    for (let request = 1; request <= 7; request += 1) {
      expect((await two.chat()).headers.get("x-aggregator-attempts")).toBe(request <= 5 ? "2" : "1");
      await two.endings(request);
    }
    expect(await two.providerCalls("a")).toHaveLength(5);
  });

  it("case 26: go straight to the other credential after one 429", async () => {
    const two = await withTwo([{ status: 429, headers: { "retry-after": "60" } }]);
    expect((await two.chat()).headers.get("x-aggregator-attempts")).toBe("2");
    await two.endings(1);
    expect((await two.chat()).headers.get("x-aggregator-attempts")).toBe("1");
    expect(await two.providerCalls("a")).toHaveLength(1);
  });

  it("count a stream that breaks after content against its provider", async () => {
    const two = await withTwo([chatStream([roleChunk, textChunk("part")])]);
    for (let request = 1; request <= 5; request += 1) {
      await (await two.chat({ stream: true })).text();
      await two.endings(request);
    }
    expect((await two.chat()).headers.get("x-aggregator-provider")).toBe("b");
  });
});
