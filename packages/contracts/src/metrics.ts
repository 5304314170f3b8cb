import { z } from "zod";

/**
 * Metrics for operators, in Prometheus' model. What Workers count in memory is pushed as differences by
 * the queue `metrics` and added up in one place, so that what is scraped does not depend on which
 * isolate answers. What storage knows (open work, dead letters) is read when it is asked for.
 */
export const METRICS_MESSAGE_VERSION = 1;

const Name = z.string().regex(/^[a-z][a-z0-9_]{2,99}$/);
const Labels = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), z.string().max(128))
  .refine((labels) => Object.keys(labels).length <= 8, "takes at most 8 labels");

/**
 * What one isolate counted since its message before, and what it sees now. `sequence` grows by one per
 * message, so a repeat adds nothing. A histogram is counted as `<name>_bucket` with its upper bound in
 * `le` (each bucket alone, not yet cumulated) and `<name>_sum`.
 */
export const MetricsMessage = z.object({
  version: z.literal(METRICS_MESSAGE_VERSION),
  worker: z.string().min(1).max(32),
  isolate_id: z.string().min(1).max(64),
  sequence: z.number().int().min(1),
  /** When it was gathered; ms since the epoch. */
  at_ms: z.number().int().min(0).optional(),
  counts: z.array(z.object({ name: Name, labels: Labels, increase: z.number().min(0).max(1e15) })).max(500),
  gauges: z
    .array(z.object({ name: Name, labels: Labels, value: z.number().min(-1e15).max(1e15) }))
    .max(100)
    .optional(),
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

export type MetricDefinition =
  | { readonly type: "counter"; readonly help: string }
  /** `across`: how what several isolates see makes one number. */
  | { readonly type: "gauge"; readonly help: string; readonly across: "sum" | "max" }
  | { readonly type: "histogram"; readonly help: string; readonly bounds: readonly number[] };

const FAST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
const SLOW_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300] as const;

/**
 * All metrics that Workers push. Labels are few and closed: routes, providers, codes; never an id, a
 * model or text of a client, which would make a series per request. Those are questions for `/v1/usage`.
 */
export const METRICS = {
  aggregator_http_requests_total: {
    type: "counter",
    help: "Requests answered by the gateway, by route pattern and status.",
  },
  aggregator_http_request_duration_seconds: {
    type: "histogram",
    help: "Time from a request's arrival at the gateway to its answer's headers.",
    bounds: FAST_SECONDS,
  },
  aggregator_inference_requests_total: {
    type: "counter",
    help: "Inference requests that ended, by endpoint, serving provider and error code (empty: none).",
  },
  aggregator_inference_duration_seconds: {
    type: "histogram",
    help: "Time from arrival to the end of the answer, of inference requests.",
    bounds: SLOW_SECONDS,
  },
  aggregator_time_to_first_token_seconds: {
    type: "histogram",
    help: "Time from arrival to the first content of streamed answers.",
    bounds: SLOW_SECONDS,
  },
  aggregator_provider_attempts_total: {
    type: "counter",
    help: "Calls to providers by how they ended, failed ones that another provider made good included.",
  },
  aggregator_shadow_requests_total: {
    type: "counter",
    help: "Copies of requests sent to providers on trial, by how they ended.",
  },
  aggregator_shadow_cost_nano_usd_total: {
    type: "counter",
    help: "Nano-USD that copies of requests cost the platform, by provider on trial.",
  },
  aggregator_buffered_bytes: {
    type: "gauge",
    across: "sum",
    help: "Bytes of bodies, answers, held-back frames and cache fills that proxies have in memory now.",
  },
  aggregator_overruns_total: { type: "counter", help: "Charges beyond their hold." },
  aggregator_overrun_nano_usd_total: { type: "counter", help: "Nano-USD charged beyond holds." },
  aggregator_leases_lapsed_total: {
    type: "counter",
    help: "Requests that the proxy abandoned and the account ended, by outcome.",
  },
  aggregator_account_anomalies_total: { type: "counter", help: "Endings that no account could explain." },
  aggregator_account_alarm_failures_total: {
    type: "counter",
    help: "Alarms of accounts that failed, mostly because a queue refused their message.",
  },
  aggregator_open_holds: { type: "gauge", across: "sum", help: "Requests that hold money now." },
  aggregator_held_nano_usd: { type: "gauge", across: "sum", help: "Nano-USD held now." },
  aggregator_frozen_accounts: { type: "gauge", across: "sum", help: "Active accounts that admit nothing." },
  aggregator_outbox_lag_seconds: {
    type: "gauge",
    across: "max",
    help: "Age of the oldest ledger entry that analytics has not been told of, over active accounts.",
  },
  aggregator_outbox_entries: { type: "gauge", across: "sum", help: "Ledger entries that wait to be told." },
  aggregator_queue_lag_seconds: {
    type: "gauge",
    across: "max",
    help: "Age of the oldest message that a consumer was just given.",
  },
  aggregator_queue_backlog_messages: {
    type: "gauge",
    across: "max",
    help: "Messages that wait, as the queue told its consumer with the last batch.",
  },
  aggregator_queue_messages_total: {
    type: "counter",
    help: "Messages that a consumer was given, by queue.",
  },
  aggregator_telemetry_dropped_total: {
    type: "counter",
    help: "Spans given up because their sink is slow or down.",
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof METRICS;
type NameOf<Type extends MetricDefinition["type"]> = {
  [Name in MetricName]: (typeof METRICS)[Name]["type"] extends Type ? Name : never;
}[MetricName];
export type CounterName = NameOf<"counter">;
export type GaugeName = NameOf<"gauge">;
export type HistogramName = NameOf<"histogram">;
