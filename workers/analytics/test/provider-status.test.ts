import type { MetricsMessage } from "@aggregator/contracts/metrics";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { storeMetrics } from "../src/db/store-metrics.ts";
import { providerStatus, type Traffic } from "../src/domain/provider-status.ts";
import { getMetrics } from "../src/operations/get-metrics.ts";
import { getProviderStatus } from "../src/operations/get-provider-status.ts";
import { HOUR_MS, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";

const MINUTE_MS = 60_000;
const NOW_MS = T0_MS + 10 * HOUR_MS + 7 * MINUTE_MS;
const db = openDatabase(env.DB);

beforeEach(clearDatabase);

describe("the status of a provider", () => {
  const at = (minutesAgo: number, calls: number, failures: number): Traffic => ({
    slotMs: NOW_MS - minutesAgo * MINUTE_MS - ((NOW_MS - minutesAgo * MINUTE_MS) % (5 * MINUTE_MS)),
    calls,
    failures,
  });

  it.each<[string, readonly Traffic[], string, number | null]>([
    ["nobody called it", [], "unknown", null],
    ["all calls were answered", [at(1, 100, 0)], "operational", 1],
    ["one in a hundred failed", [at(1, 100, 1)], "operational", 0.99],
    ["one in ten failed", [at(1, 100, 10)], "degraded", 0.9],
    ["most failed", [at(1, 100, 60)], "down", 0.4],
    ["the only call failed", [at(1, 1, 1)], "degraded", 0],
    ["it failed an hour ago and is well", [at(60, 100, 100), at(1, 100, 0)], "operational", 0.5],
    ["it was well an hour ago and nobody called since", [at(60, 100, 0)], "unknown", 1],
  ])("%s", (_, traffic, status, availability) => {
    const view = providerStatus("p", traffic, NOW_MS);
    expect([view.status, view.availability_24h]).toEqual([status, availability]);
  });

  it("has a state for each of the last 24 hours, the present one last", () => {
    const view = providerStatus("p", [at(23 * 60, 10, 10), at(120, 10, 1), at(1, 10, 0)], NOW_MS);
    expect(view.hours).toHaveLength(24);
    expect(view.hours[0]).toBe("down");
    expect(view.hours.slice(-3)).toEqual(["degraded", "unknown", "operational"]);
  });
});

describe("calls to providers", () => {
  function pushed(sequence: number, outcomes: Readonly<Record<string, number>>, atMs = NOW_MS): MetricsMessage {
    return {
      version: 1,
      worker: "proxy",
      isolate_id: "isolate-1",
      sequence,
      at_ms: atMs,
      counts: Object.entries(outcomes).map(([outcome, increase]) => ({
        name: "aggregator_provider_attempts_total",
        labels: { provider: "openai", outcome },
        increase,
      })),
    };
  }

  async function status() {
    const answer = await getProviderStatus(db, NOW_MS);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  }

  it("of all isolates make its status, each message once", async () => {
    const message = pushed(1, { success: 6, server_error: 4 });
    for (let time = 0; time < 3; time += 1) await storeMetrics(db, [message], NOW_MS);
    await storeMetrics(db, [{ ...message, isolate_id: "isolate-2" }], NOW_MS);
    expect(await status()).toMatchObject([{ provider: "openai", status: "degraded", availability_24h: 0.6 }]);
    expect(await env.DB.prepare("SELECT calls, failures FROM provider_traffic").first()).toEqual({
      calls: 20,
      failures: 8,
    });
  });

  it("that a client caused to fail prove that it answers, and those that were stopped say nothing", async () => {
    await storeMetrics(db, [pushed(1, { client_error: 5, client_disconnected: 9, cancelled: 9 })], NOW_MS);
    expect(await env.DB.prepare("SELECT calls, failures FROM provider_traffic").first()).toEqual({
      calls: 5,
      failures: 0,
    });
  });

  it("count for when they were made, not for when the message came", async () => {
    await storeMetrics(db, [pushed(1, { server_error: 10 }, NOW_MS - 2 * HOUR_MS)], NOW_MS);
    const [openai] = await status();
    expect(openai?.status).toBe("unknown");
    expect(openai?.hours.at(-3)).toBe("down");
  });

  it("are the metric of its health", async () => {
    await storeMetrics(db, [pushed(1, { server_error: 10 })], NOW_MS);
    const metrics = await getMetrics(db, NOW_MS);
    expect(metrics.ok ? metrics.value : []).toContainEqual(
      expect.objectContaining({
        name: "aggregator_provider_health",
        samples: [{ labels: { provider: "openai" }, value: 0 }],
      }),
    );
  });
});
