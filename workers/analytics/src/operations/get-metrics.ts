import type { MetricFamily } from "@aggregator/contracts/metrics";
import { ok, type Result } from "@aggregator/contracts/result";
import type { Database } from "../db/client.ts";
import { countIsolates, countOpenDeadLetters, readCounters, readGauges } from "../db/read-metrics.ts";
import { familiesOf } from "../domain/metric-families.ts";
import { getProviderStatus } from "./get-provider-status.ts";

/** An isolate that was not heard of for so long is gone, and what it saw with it. */
const FRESH_MS = 120_000;

/**
 * What all isolates of all Workers have counted and see, and this Worker's own state. The same whichever
 * isolate answers. For the gateway, which decides who may see it; says nothing about any one company.
 */
export async function getMetrics(db: Database, nowMs: number): Promise<Result<readonly MetricFamily[]>> {
  const sinceMs = nowMs - FRESH_MS;
  const [counters, gauges, isolates, dead, providers] = await Promise.all([
    readCounters(db),
    readGauges(db, sinceMs),
    countIsolates(db, sinceMs),
    countOpenDeadLetters(db),
    getProviderStatus(db, nowMs),
  ]);
  return ok([
    ...familiesOf(counters, gauges),
    {
      name: "aggregator_reporting_isolates",
      help: "Isolates that pushed metrics in the last two minutes.",
      type: "gauge",
      samples: isolates.map(({ worker, count }) => ({ labels: { worker }, value: count })),
    },
    {
      name: "aggregator_provider_health",
      help: "How a provider answered in the last minutes: 1 operational, 0.5 degraded, 0 down; absent without calls.",
      type: "gauge",
      samples: (providers.ok ? providers.value : []).flatMap(({ provider, status }) =>
        status === "unknown" ? [] : [{ labels: { provider }, value: HEALTH[status] }],
      ),
    },
    {
      name: "aggregator_dead_letters",
      help: "Messages that could not be handled and wait for a person, by queue.",
      type: "gauge",
      samples:
        dead.length === 0 ? NO_DEAD_LETTERS : dead.map(({ queue, count }) => ({ labels: { queue }, value: count })),
    },
  ]);
}

const HEALTH = { operational: 1, degraded: 0.5, down: 0 } as const;

/** Zero is said, so that an alert's series exists before its first letter. */
const NO_DEAD_LETTERS = [{ labels: { queue: "usage-events" }, value: 0 }];
