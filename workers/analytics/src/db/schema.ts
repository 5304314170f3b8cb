import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Dimensions that hourly and daily cells share. `member_id` is `""` where there is none: a key column cannot be null. */
const companyDimensions = {
  keyId: text("key_id").notNull(),
  model: text("model").notNull(),
  provider: text("provider").notNull(),
  endpoint: text("endpoint").notNull(),
  status: integer("status").notNull(),
  memberId: text("member_id").notNull(),
};

const totals = {
  requests: integer("requests").notNull(),
  errors: integer("errors").notNull(),
  estimated: integer("estimated").notNull(),
  cacheHits: integer("cache_hits").notNull(),
  attempts: integer("attempts").notNull(),
  inputTokens: integer("input_tokens").notNull(),
  cachedInputTokens: integer("cached_input_tokens").notNull(),
  outputTokens: integer("output_tokens").notNull(),
  reasoningTokens: integer("reasoning_tokens").notNull(),
  costNanoUsd: integer("cost_nano_usd").notNull(),
  priceNanoUsd: integer("price_nano_usd").notNull(),
  lossNanoUsd: integer("loss_nano_usd").notNull(),
  /** JSON array of counts, one per bucket of LATENCY_BUCKETS_MS and one for the rest. */
  latencyMsHistogram: text("latency_ms_histogram").notNull(),
  timeToFirstTokenMsHistogram: text("time_to_first_token_ms_histogram").notNull(),
};

/**
 * One hour of one combination of dimensions, as the company's account last told it. A changed cell
 * costs exactly one row written: the key is the table (WITHOUT ROWID) and there is no other index.
 * Drizzle cannot say WITHOUT ROWID, so migration 0001 makes the three rollups again with it.
 */
export const usageHourly = sqliteTable(
  "usage_hourly",
  {
    companyId: text("company_id").notNull(),
    hourMs: integer("hour_ms").notNull(),
    ...companyDimensions,
    version: integer("version").notNull(),
    ...totals,
  },
  (table) => [
    primaryKey({
      columns: [
        table.companyId,
        table.hourMs,
        table.keyId,
        table.model,
        table.provider,
        table.endpoint,
        table.status,
        table.memberId,
      ],
    }),
  ],
);

/**
 * One UTC day of the same dimensions, derived from the hours. `version` is the sum of the versions of
 * its hours, which grows whenever one of them changes or arrives.
 */
export const usageDaily = sqliteTable(
  "usage_daily",
  {
    companyId: text("company_id").notNull(),
    dayMs: integer("day_ms").notNull(),
    ...companyDimensions,
    version: integer("version").notNull(),
    ...totals,
  },
  (table) => [
    primaryKey({
      columns: [
        table.companyId,
        table.dayMs,
        table.keyId,
        table.model,
        table.provider,
        table.endpoint,
        table.status,
        table.memberId,
      ],
    }),
  ],
);

/** One UTC day over all companies, derived from `usage_daily`; the day leads the key. */
export const platformDaily = sqliteTable(
  "platform_daily",
  {
    dayMs: integer("day_ms").notNull(),
    companyId: text("company_id").notNull(),
    model: text("model").notNull(),
    provider: text("provider").notNull(),
    status: integer("status").notNull(),
    version: integer("version").notNull(),
    ...totals,
  },
  (table) => [primaryKey({ columns: [table.dayMs, table.companyId, table.model, table.provider, table.status] })],
);

/**
 * How far days have been derived; one row. Days before `maintained_through_ms` are derived again when
 * one of their hours changes; days before `readable_through_ms` are complete. The first moves before a
 * day is built and the second after, so that no change falls between.
 */
export const rollupState = sqliteTable("rollup_state", {
  id: integer("id").primaryKey(),
  maintainedThroughMs: integer("maintained_through_ms").notNull(),
  readableThroughMs: integer("readable_through_ms").notNull(),
  /** Last company of the day that is being built. */
  companyCursor: text("company_cursor").notNull(),
});

/** Messages that could not be counted, kept for a person: why, and what they said. Few, so an index is cheap. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    /** Id of the queue message, so that a redelivery is the same row. */
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    reason: text("reason").notNull(),
    /** The message as JSON, cut at MAX_DEAD_BODY_CHARS. */
    body: text("body").notNull(),
    isTruncated: integer("is_truncated", { mode: "boolean" }).notNull(),
    attempts: integer("attempts").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    replayedAtMs: integer("replayed_at_ms"),
  },
  (table) => [index("dead_letters_received").on(table.receivedAtMs, table.id)],
);

/** What all isolates have counted, added up; one row a series. See contracts/metrics. */
export const metricCounters = sqliteTable("metric_counters", {
  /** Name and labels as JSON. */
  series: text("series").primaryKey(),
  name: text("name").notNull(),
  /** JSON object. */
  labels: text("labels").notNull(),
  value: real("value").notNull(),
});

/** What each isolate last saw. */
export const metricGauges = sqliteTable(
  "metric_gauges",
  {
    isolateId: text("isolate_id").notNull(),
    series: text("series").notNull(),
    name: text("name").notNull(),
    labels: text("labels").notNull(),
    value: real("value").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.isolateId, table.series] }), index("metric_gauges_at").on(table.atMs)],
);

/** Calls to a provider in five minutes, as the proxies counted them; kept for a week. Time leads the key: a status reads its last day. */
export const providerTraffic = sqliteTable(
  "provider_traffic",
  {
    slotMs: integer("slot_ms").notNull(),
    provider: text("provider").notNull(),
    calls: integer("calls").notNull(),
    failures: integer("failures").notNull(),
  },
  (table) => [primaryKey({ columns: [table.slotMs, table.provider] })],
);

/** Messages that have been added, so that a repeat adds nothing; forgotten after a day. */
export const metricPushes = sqliteTable(
  "metric_pushes",
  {
    isolateId: text("isolate_id").notNull(),
    sequence: integer("sequence").notNull(),
    worker: text("worker").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.isolateId, table.sequence] }),
    index("metric_pushes_received").on(table.receivedAtMs),
  ],
);

/** Whether a company has its prompts and answers stored; a row once it was ever asked for. What is stored is in R2. */
export const contentPolicies = sqliteTable(
  "content_policies",
  {
    companyId: text("company_id").primaryKey(),
    isEnabled: integer("is_enabled", { mode: "boolean" }).notNull(),
    retentionDays: integer("retention_days").notNull(),
    changedAtMs: integer("changed_at_ms").notNull(),
    /** When what is past its retention was last looked for. */
    sweptAtMs: integer("swept_at_ms").notNull(),
  },
  (table) => [index("content_policies_swept").on(table.sweptAtMs)],
);
