import { asc, gte, isNull, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { deadLetters, metricCounters, metricGauges, metricPushes } from "./schema.ts";

export interface StoredSeries {
  readonly name: string;
  /** JSON object. */
  readonly labels: string;
  readonly value: number;
}

/** Every counter, in the order of its series. Bounded by the label sets that exist. */
export async function readCounters(db: Database): Promise<StoredSeries[]> {
  return db.select().from(metricCounters).orderBy(asc(metricCounters.series));
}

/** What isolates saw since `sinceMs`; one row per isolate and series. */
export async function readGauges(db: Database, sinceMs: number): Promise<StoredSeries[]> {
  return db
    .select({ name: metricGauges.name, labels: metricGauges.labels, value: metricGauges.value })
    .from(metricGauges)
    .where(gte(metricGauges.atMs, sinceMs))
    .orderBy(asc(metricGauges.series));
}

/** Isolates heard of since `sinceMs`, by Worker. */
export async function countIsolates(db: Database, sinceMs: number): Promise<{ worker: string; count: number }[]> {
  return db
    .select({ worker: metricPushes.worker, count: sql<number>`count(DISTINCT ${metricPushes.isolateId})` })
    .from(metricPushes)
    .where(gte(metricPushes.receivedAtMs, sinceMs))
    .groupBy(metricPushes.worker)
    .orderBy(asc(metricPushes.worker));
}

/** Dead letters that nobody has replayed, by queue. */
export async function countOpenDeadLetters(db: Database): Promise<{ queue: string; count: number }[]> {
  return db
    .select({ queue: deadLetters.queue, count: sql<number>`count(*)` })
    .from(deadLetters)
    .where(isNull(deadLetters.replayedAtMs))
    .groupBy(deadLetters.queue)
    .orderBy(asc(deadLetters.queue));
}
