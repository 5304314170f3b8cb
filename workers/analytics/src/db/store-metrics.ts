import type { MetricsMessage } from "@aggregator/contracts/metrics";
import { callsOf } from "../domain/provider-calls.ts";
import type { Database } from "./client.ts";

const TRAFFIC_KEPT_MS = 6 * 86_400_000;

/**
 * Adds what isolates counted and keeps what they see: all messages or none. A message that was added
 * before (isolate and sequence) changes nothing, so messages may repeat and be reordered.
 */
export async function storeMetrics(db: Database, messages: readonly MetricsMessage[], nowMs: number): Promise<void> {
  const statements = messages.flatMap((message) => {
    const { worker, isolate_id: isolateId, sequence } = message;
    const counts = message.counts.map(({ name, labels, increase }) => rowOf(name, labels, increase));
    const gauges = (message.gauges ?? []).map(({ name, labels, value }) => rowOf(name, labels, value));
    const calls = callsOf(message, nowMs);
    return [
      ...(calls.length === 0 ? [] : [db.$client.prepare(ADD_CALLS).bind(JSON.stringify(calls), isolateId, sequence)]),
      db.$client.prepare(ADD_COUNTS).bind(JSON.stringify(counts), isolateId, sequence),
      db.$client.prepare(KEEP_GAUGES).bind(JSON.stringify(gauges), isolateId, sequence, nowMs),
      db.$client.prepare(REMEMBER_PUSH).bind(isolateId, sequence, worker, nowMs),
    ];
  });
  if (statements.length > 0) await db.$client.batch(statements);
}

/** Forgets messages and gauges from before `beforeMs`, and providers' calls from before a week earlier. */
export async function forgetMetrics(db: Database, beforeMs: number): Promise<void> {
  await db.$client.batch([
    db.$client.prepare("DELETE FROM provider_traffic WHERE slot_ms < ?").bind(beforeMs - TRAFFIC_KEPT_MS),
    db.$client.prepare("DELETE FROM metric_pushes WHERE received_at_ms < ?").bind(beforeMs),
    db.$client.prepare("DELETE FROM metric_gauges WHERE at_ms < ?").bind(beforeMs),
  ]);
}

const IS_NEW = "NOT EXISTS (SELECT 1 FROM metric_pushes WHERE isolate_id = ?2 AND sequence = ?3)";
const FIELDS = [0, 1, 2, 3].map((index) => `json_extract(value, '$[${index}]')`).join(", ");

const ADD_COUNTS = `INSERT INTO metric_counters (series, name, labels, value)
  SELECT ${FIELDS} FROM json_each(?1) WHERE ${IS_NEW}
  ON CONFLICT (series) DO UPDATE SET value = metric_counters.value + excluded.value`;

const ADD_CALLS = `INSERT INTO provider_traffic (provider, slot_ms, calls, failures)
  SELECT ${FIELDS} FROM json_each(?1) WHERE ${IS_NEW}
  ON CONFLICT (slot_ms, provider) DO UPDATE SET
    calls = provider_traffic.calls + excluded.calls, failures = provider_traffic.failures + excluded.failures`;

const KEEP_GAUGES = `INSERT INTO metric_gauges (series, name, labels, value, isolate_id, at_ms)
  SELECT ${FIELDS}, ?2, ?4 FROM json_each(?1) WHERE ${IS_NEW}
    AND ?3 > (SELECT coalesce(max(sequence), 0) FROM metric_pushes WHERE isolate_id = ?2)
  ON CONFLICT (isolate_id, series) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms`;

const REMEMBER_PUSH = `INSERT OR IGNORE INTO metric_pushes (isolate_id, sequence, worker, received_at_ms)
  VALUES (?1, ?2, ?3, ?4)`;

function rowOf(name: string, labels: Readonly<Record<string, string>>, value: number): (string | number)[] {
  const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const sorted = JSON.stringify(Object.fromEntries(pairs));
  return [`${name}${sorted}`, name, sorted, value];
}
