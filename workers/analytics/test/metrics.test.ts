import type { MetricsMessage } from "@aggregator/contracts/metrics";
import { prometheusText } from "@aggregator/runtime/prometheus-text";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { forgetMetrics, storeMetrics } from "../src/db/store-metrics.ts";
import { getMetrics } from "../src/operations/get-metrics.ts";
import { cell, message, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { deliver } from "./deliver.ts";
import { failingDatabase } from "./failing-database.ts";

const db = openDatabase(env.DB);

beforeEach(clearDatabase);

function pushed(overrides: Partial<MetricsMessage> = {}): MetricsMessage {
  return {
    version: 1,
    worker: "gateway",
    isolate_id: "isolate-1",
    sequence: 1,
    counts: [{ name: "aggregator_http_requests_total", labels: { route: "/a", status: "200" }, increase: 2 }],
    ...overrides,
  };
}

/** What is scraped, without comments. */
async function scraped(nowMs = T0_MS): Promise<string[]> {
  const answer = await getMetrics(db, nowMs);
  if (!answer.ok) throw new Error(answer.error.message);
  return prometheusText(answer.value)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

describe("metrics of all isolates", () => {
  it("are added up once, however often and in whatever order messages come", async () => {
    const first = pushed();
    const second = pushed({ sequence: 2 });
    const other = pushed({ isolate_id: "isolate-2" });
    for (const batch of [[second], [first, other], [second, first], [other]]) await storeMetrics(db, batch, T0_MS);
    expect(await scraped()).toContain('aggregator_http_requests_total{route="/a",status="200"} 6');
  });

  it("are one series whatever the order of labels", async () => {
    const turned = [
      { name: "aggregator_http_requests_total", labels: { status: "200", route: "/a" }, increase: 1 },
    ] as const;
    await storeMetrics(db, [pushed(), pushed({ sequence: 2, counts: [...turned] })], T0_MS);
    expect(await scraped()).toContain('aggregator_http_requests_total{route="/a",status="200"} 3');
  });

  it("cumulate histograms from the buckets of all isolates", async () => {
    const name = "aggregator_http_request_duration_seconds";
    const counts = (le: string, sum: number) => [
      { name: `${name}_bucket`, labels: { route: "/a", le }, increase: 1 },
      { name: `${name}_sum`, labels: { route: "/a" }, increase: sum },
    ];
    await storeMetrics(
      db,
      [
        pushed({ counts: counts("0.005", 0.004) }),
        pushed({ isolate_id: "isolate-2", counts: counts("0.01", 0.006) }),
        pushed({ isolate_id: "isolate-3", counts: counts("+Inf", 40) }),
      ],
      T0_MS,
    );
    const lines = await scraped();
    expect(lines).toContain(`${name}_bucket{route="/a",le="0.005"} 1`);
    expect(lines).toContain(`${name}_bucket{route="/a",le="0.025"} 2`);
    expect(lines).toContain(`${name}_bucket{route="/a",le="+Inf"} 3`);
    expect(lines).toContain(`${name}_sum{route="/a"} 40.01`);
    expect(lines).toContain(`${name}_count{route="/a"} 3`);
  });

  it("show what living isolates see now, summed or at its worst, and forget silent ones", async () => {
    const gauges = (open: number, lag: number) => [
      { name: "aggregator_open_holds", labels: {}, value: open },
      { name: "aggregator_outbox_lag_seconds", labels: {}, value: lag },
    ];
    const of = (isolate: string, sequence: number, open: number, lag: number) =>
      pushed({ worker: "billing", isolate_id: isolate, sequence, counts: [], gauges: gauges(open, lag) });
    await storeMetrics(db, [of("gone", 1, 100, 900)], T0_MS - 121_000);
    await storeMetrics(db, [of("one", 2, 3, 20), of("two", 1, 4, 5)], T0_MS - 1_000);
    await storeMetrics(db, [of("one", 1, 50, 50)], T0_MS);
    const lines = await scraped();
    expect(lines).toContain("aggregator_open_holds 7");
    expect(lines).toContain("aggregator_outbox_lag_seconds 20");
    expect(lines).toContain('aggregator_reporting_isolates{worker="billing"} 2');
  });

  it("leave out names that this version does not know", async () => {
    await storeMetrics(db, [pushed({ counts: [{ name: "from_the_future", labels: {}, increase: 1 }] })], T0_MS);
    expect((await scraped()).join()).not.toContain("from_the_future");
  });

  it("tell how many dead letters wait, by queue", async () => {
    expect(await scraped()).toContain('aggregator_dead_letters{queue="usage-events"} 0');
    await deliver("usage-events", [{ id: "a", body: 1 }]);
    await deliver("usage-events-dead", [{ id: "b", body: message("c", [cell()]) }]);
    await env.DB.prepare("UPDATE dead_letters SET replayed_at_ms = 1 WHERE id = 'b'").run();
    expect(await scraped()).toContain('aggregator_dead_letters{queue="usage-events"} 1');
  });

  it("forget messages of the day before and keep what they added", async () => {
    await storeMetrics(db, [pushed()], T0_MS);
    await forgetMetrics(db, T0_MS + 1);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM metric_pushes").first("n")).toBe(0);
    expect(await scraped()).toContain('aggregator_http_requests_total{route="/a",status="200"} 2');
  });
});

describe("the consumer of metrics", () => {
  it("stores nine of ten and drops the one that it cannot read", async () => {
    const sent = Array.from({ length: 10 }, (_, index) => ({
      id: `m${index}`,
      body: index === 4 ? { nonsense: true } : pushed({ isolate_id: `isolate-${index}` }),
    }));
    const result = await deliver("metrics", sent);
    expect(result.explicitAcks.toSorted()).toEqual(sent.map(({ id }) => id));
    expect(await scraped()).toContain('aggregator_http_requests_total{route="/a",status="200"} 18');
  });

  it("retries later, acknowledging nothing, while the database is away", async () => {
    const result = await deliver("metrics", [{ id: "m", body: pushed(), attempts: 2 }], {
      DB: failingDatabase(env.DB, () => true),
    });
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryDelays).toEqual({ m: 10 });
  });

  it("tells how old and how many the messages are that consumers are given", async () => {
    await deliver("usage-events", [{ id: "a", body: message("c", [cell()]), sentAgoMs: 90_000 }]);
    const lines = await scraped(Date.now());
    const lag = lines.find((line) => line.startsWith('aggregator_queue_lag_seconds{queue="usage-events"}'));
    expect(Number(lag?.split(" ")[1])).toBeGreaterThanOrEqual(90);
    expect(Number(lag?.split(" ")[1])).toBeLessThan(100);
    expect(lines).toContain('aggregator_queue_messages_total{queue="usage-events"} 1');
  });
});
