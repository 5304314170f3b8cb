import { z } from "zod";

/**
 * Metrics for operators, in Prometheus' model. What Workers count in memory is pushed as differences by
 * the queue `metrics` and added up in one place, so that what is scraped does not depend on which
 * isolate answers. What storage knows (rollups, open work, dead letters) is read when it is asked for.
 */
export const METRICS_MESSAGE_VERSION = 1;

const Name = z.string().regex(/^[a-z][a-z0-9_]{2,99}$/);
const Labels = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().max(128))
  .refine((labels) => Object.keys(labels).length <= 8, "takes at most 8 labels");

/** What one isolate counted since its message before. `sequence` grows by one per message, so a repeat adds nothing. */
export const MetricsMessage = z.object({
  version: z.literal(METRICS_MESSAGE_VERSION),
  worker: z.string().min(1).max(32),
  isolate_id: z.string().min(1).max(64),
  sequence: z.number().int().min(1),
  counts: z.array(z.object({ name: Name, labels: Labels, increase: z.number().min(0).max(1e15) })).max(500),
});
export type MetricsMessage = z.infer<typeof MetricsMessage>;

export interface MetricSample {
  /** Appended to the family's name, for histograms: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One metric with its samples. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export interface MetricFamily {
  /** With unit and, for counters, `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly MetricSample[];
}
