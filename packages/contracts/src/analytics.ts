import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { ContentApi } from "./content.ts";
import type { MetricFamily } from "./metrics.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

export interface UsageRowView {
  /** Values of the grouped dimensions, such as `{ "model": "…" }` or `{ "hour": "2026-11-23T08:00:00.000Z" }`. */
  readonly group: Readonly<Record<string, string | null>>;
  readonly requests: number;
  readonly errors: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly cost_nano_usd: number;
}

/** Percentiles in ms, interpolated within the buckets of LATENCY_BUCKETS_MS; null without a measurement. */
export interface PercentilesView {
  readonly p50: number | null;
  readonly p95: number | null;
}

export interface UsageSummaryView {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly errors: number;
  /** Share of requests that ended in an error, 0–1; null without requests. */
  readonly error_rate: number | null;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly reasoning_tokens: number;
  /** Share of input tokens that a provider read from its cache, 0–1. */
  readonly cache_hit_rate: number | null;
  /** Share of requests answered from the platform's response cache, 0–1. */
  readonly response_cache_hit_rate: number | null;
  /** What the company pays. */
  readonly cost_nano_usd: number;
  /** `cost_nano_usd` in USD, nine decimals. */
  readonly cost: string;
  readonly latency_ms: PercentilesView;
  readonly time_to_first_token_ms: PercentilesView;
  /** At most five, dearest first. */
  readonly top_models: readonly {
    readonly model: string;
    readonly requests: number;
    readonly cost_nano_usd: number;
  }[];
}

/** What the platform earns: `margin` is what companies pay less what providers take; `loss` is what failed attempts may cost. */
export interface MarginView {
  readonly cost_nano_usd: number;
  readonly provider_cost_nano_usd: number;
  readonly margin_nano_usd: number;
  readonly loss_nano_usd: number;
}

export interface PlatformUsageRowView extends UsageRowView, MarginView {}

/** One provider in the league table: best margin first. */
export interface ProviderLeagueRowView extends MarginView {
  readonly provider: string;
  readonly requests: number;
  readonly errors: number;
  readonly error_rate: number | null;
  readonly output_tokens: number;
  readonly latency_ms: PercentilesView;
  readonly time_to_first_token_ms: PercentilesView;
}

/** `unknown`: nobody has called it lately. */
export const PROVIDER_STATES = ["operational", "degraded", "down", "unknown"] as const;
export type ProviderState = (typeof PROVIDER_STATES)[number];

/** How a provider has answered, seen from all isolates; for everybody, so without volumes. */
export interface ProviderStatusView {
  readonly provider: string;
  readonly status: ProviderState;
  /** Share of calls of the last 24 hours that it answered, 0–1; null without calls. */
  readonly availability_24h: number | null;
  /** One per hour, oldest first, ending with the present one. */
  readonly hours: readonly ProviderState[];
}

/** A queue message that could not be counted. `body` is the message as JSON. */
export interface DeadLetterView {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  readonly attempts: number;
  readonly body: string;
  readonly is_truncated: boolean;
  readonly received_at: string;
  readonly replayed_at: string | null;
}

/** Usage by rollups, never by request. Reads the actor's own company; `admin…` are for operators. */
export interface AnalyticsApi extends Rpc.WorkerEntrypointBranded, ContentApi {
  usage(context: CallContext, actor: Actor, query: unknown): Answer<Page<UsageRowView>>;
  /** The rows of `usage` as CSV (RFC 4180, header first, formulas defused): at most 10,000, else `invalid_request`. */
  usageCsv(context: CallContext, actor: Actor, query: unknown): Answer<string>;
  usageSummary(context: CallContext, actor: Actor, query: unknown): Answer<UsageSummaryView>;
  adminUsage(context: CallContext, actor: Actor, query: unknown): Answer<Page<PlatformUsageRowView>>;
  adminUsageSummary(context: CallContext, actor: Actor, query: unknown): Answer<UsageSummaryView & MarginView>;
  adminProviderLeague(context: CallContext, actor: Actor, query: unknown): Answer<readonly ProviderLeagueRowView[]>;
  adminDeadLetters(context: CallContext, actor: Actor, query: unknown): Answer<Page<DeadLetterView>>;
  /** Counts the message again; `conflict` when it still cannot be. Repeating it changes nothing. */
  adminReplayDeadLetter(context: CallContext, actor: Actor, id: string): Answer<DeadLetterView>;
  /** How each provider that was called in the last 24 hours has answered; public. */
  providerStatus(context: CallContext): Answer<readonly ProviderStatusView[]>;
  /** For operators: forgets a company's rollups, to be told again by its account. */
  adminForgetUsage(context: CallContext, actor: Actor, companyId: string): Answer<void>;
  /** What all isolates counted and see, and the state of this Worker; the gateway decides who may see it. */
  metrics(context: CallContext): Answer<readonly MetricFamily[]>;
  health(context: CallContext): Answer<void>;
}
