import type { CompanyAccountApi } from "@aggregator/contracts/account";
import type { MetricsMessage } from "@aggregator/contracts/metrics";
import type { OrchestratorApi } from "@aggregator/contracts/orchestrator";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { LOG_VARIABLES } from "@aggregator/runtime/log-variables";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { TRACE_VARIABLES } from "@aggregator/runtime/trace-variables";
import type { TracerOptions } from "@aggregator/runtime/tracer";
import { z } from "zod";

export interface Env {
  readonly ORCHESTRATOR: Service<OrchestratorApi>;
  readonly COMPANY_ACCOUNT: DurableObjectNamespace<CompanyAccountApi>;
  /** Without it nothing is counted. */
  readonly METRICS?: Queue<MetricsMessage>;
  /** One point per request, for live views; optional. */
  readonly USAGE_POINTS?: AnalyticsEngineDataset;
  /** Prompts and answers that companies want stored, and their policies. Without it nothing is stored. */
  readonly CONTENT?: R2Bucket;
  /** Cloudflare's own models. Without it no endpoint of the kind `workers-ai` is served. */
  readonly AI?: WorkersAi;
}

/** What we use of the runtime's `Ai`, whose type knows only the models of its day. */
export interface WorkersAi {
  run(
    model: string,
    inputs: Record<string, unknown>,
    options: { readonly returnRawResponse: true; readonly signal?: AbortSignal },
  ): Promise<Response>;
}

const Milliseconds = z.coerce.number().int().min(1).max(3_600_000);

const Variables = z.object({
  ...LOG_VARIABLES,
  ...TRACE_VARIABLES,
  /** How often an isolate pushes what it counted. The platform ends what a request left behind after 30 s. */
  METRICS_INTERVAL_MS: z.coerce.number().int().min(10).max(25_000).default(10_000),
  /** Lease of a reservation; checkpoints extend it. */
  HOLD_LEASE_MS: Milliseconds,
  /** From sending until the account is told so: what dies sooner is not charged, what ends sooner needs no mark. */
  DISPATCH_MARK_MS: z.coerce.number().int().min(1).max(60_000).default(10),
  /** Sending the request until the first byte of the answer. */
  FIRST_BYTE_TIMEOUT_MS: Milliseconds,
  /** Between two chunks of an answer. */
  IDLE_TIMEOUT_MS: Milliseconds,
  /** The whole request, all attempts. */
  TOTAL_TIMEOUT_MS: Milliseconds,
  /** Answer of a provider, decompressed; likewise one event of a stream. */
  MAX_UPSTREAM_BYTES: z.coerce.number().int().min(1_024).max(100_000_000),
  ALLOW_PRIVATE_UPSTREAMS: z.enum(["true", "false"]),
  /** Deadline of `plan` and of `reserve` each. */
  PLAN_TIMEOUT_MS: Milliseconds,
  RESERVE_TIMEOUT_MS: Milliseconds,
  /** How often a running stream reports to the account. */
  CHECKPOINT_INTERVAL_MS: Milliseconds,
  /** Longest wait for a provider's `Retry-After` before it counts as refused. */
  RETRY_WAIT_MAX_MS: Milliseconds,
  /** How long an answer is read on after the client left, where the provider's policy says so. */
  DRAIN_TIMEOUT_MS: Milliseconds,
  /** How often an isolate tells what it saw of providers, and hears what the others did. */
  HEALTH_REPORT_INTERVAL_MS: z.coerce.number().int().min(10).max(5_000).default(1_500),
  /** Calls of one provider that an isolate has under way at most. */
  MAX_PROVIDER_CONCURRENCY: z.coerce.number().int().min(1).max(100_000).default(1_000),
  /** What the requests of an isolate hold in memory together before new ones are refused; more than the largest body. */
  MAX_BUFFERED_BYTES: z.coerce.number().int().min(1_024).max(100_000_000).default(50_331_648),
  /** Secret: 32 bytes in base64, the same as analytics'. Without it nothing is stored. */
  CONTENT_KEY: z.string().optional(),
});

export interface Config {
  readonly leaseMs: number;
  readonly dispatchMarkMs: number;
  readonly firstByteTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxUpstreamBytes: number;
  readonly allowPrivateUpstreams: boolean;
  readonly planTimeoutMs: number;
  readonly reserveTimeoutMs: number;
  readonly checkpointIntervalMs: number;
  readonly retryWaitMaxMs: number;
  readonly drainTimeoutMs: number;
  readonly healthReportIntervalMs: number;
  readonly maxProviderConcurrency: number;
  readonly maxBufferedBytes: number;
  /** null: no content is stored. */
  readonly contentKey: string | null;
  readonly log: Logger;
  readonly metricsIntervalMs: number;
  /** null: nothing is traced. */
  readonly tracing: Pick<TracerOptions, "endpoint" | "headers" | "intervalMs" | "timeoutMs"> | null;
}

/** The Worker's configuration, parsed once per isolate; throws when it is not whole. */
export const configOf = once((env: Env): Config => {
  const variables = parseConfig("proxy", Variables, env);
  return {
    leaseMs: variables.HOLD_LEASE_MS,
    dispatchMarkMs: variables.DISPATCH_MARK_MS,
    firstByteTimeoutMs: variables.FIRST_BYTE_TIMEOUT_MS,
    idleTimeoutMs: variables.IDLE_TIMEOUT_MS,
    totalTimeoutMs: variables.TOTAL_TIMEOUT_MS,
    maxUpstreamBytes: variables.MAX_UPSTREAM_BYTES,
    allowPrivateUpstreams: variables.ALLOW_PRIVATE_UPSTREAMS === "true",
    planTimeoutMs: variables.PLAN_TIMEOUT_MS,
    reserveTimeoutMs: variables.RESERVE_TIMEOUT_MS,
    checkpointIntervalMs: variables.CHECKPOINT_INTERVAL_MS,
    retryWaitMaxMs: variables.RETRY_WAIT_MAX_MS,
    drainTimeoutMs: variables.DRAIN_TIMEOUT_MS,
    healthReportIntervalMs: variables.HEALTH_REPORT_INTERVAL_MS,
    maxProviderConcurrency: variables.MAX_PROVIDER_CONCURRENCY,
    maxBufferedBytes: variables.MAX_BUFFERED_BYTES,
    contentKey: variables.CONTENT_KEY === undefined || variables.CONTENT_KEY === "" ? null : variables.CONTENT_KEY,
    log: createLogger({ worker: "proxy", level: variables.LOG_LEVEL, sampleRate: variables.LOG_SAMPLE_RATE }),
    metricsIntervalMs: variables.METRICS_INTERVAL_MS,
    tracing:
      variables.OTLP_ENDPOINT === null
        ? null
        : {
            endpoint: variables.OTLP_ENDPOINT,
            headers: variables.OTLP_HEADERS,
            intervalMs: variables.OTLP_INTERVAL_MS,
            timeoutMs: variables.OTLP_TIMEOUT_MS,
          },
  };
});
