import type { AnalyticsApi } from "@aggregator/contracts/analytics";
import type { AuthApi } from "@aggregator/contracts/auth";
import type { BillingApi } from "@aggregator/contracts/billing";
import type { MetricsMessage } from "@aggregator/contracts/metrics";
import type { NotificationsApi } from "@aggregator/contracts/notifications";
import type { OrchestratorApi } from "@aggregator/contracts/orchestrator";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { LOG_VARIABLES } from "@aggregator/runtime/log-variables";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { TRACE_VARIABLES } from "@aggregator/runtime/trace-variables";
import { z } from "zod";

/** Bindings of the root wrangler.toml. */
export interface Env {
  readonly AUTH: Service<AuthApi>;
  readonly BILLING: Service<BillingApi>;
  readonly ORCHESTRATOR: Service<OrchestratorApi>;
  readonly ANALYTICS: Service<AnalyticsApi>;
  readonly NOTIFICATIONS: Service<NotificationsApi>;
  readonly PROXY: Fetcher;
  readonly ASSETS: Fetcher;
  /** Without it nothing is counted. */
  readonly METRICS?: Queue<MetricsMessage>;
  readonly LOG_LEVEL: string;
  readonly MAX_BODY_BYTES: string;
  readonly AUTH_TIMEOUT_MS: string;
  readonly DEPENDENCY_TIMEOUT_MS: string;
  readonly KEY_CACHE_MS: string;
  readonly CORS_ORIGINS: string;
  readonly METRICS_INTERVAL_MS: string;
  readonly METRICS_TOKEN?: string;
  readonly OTLP_ENDPOINT?: string;
  readonly TRACE_SAMPLE_RATE?: string;
}

const Origins = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter((origin) => origin !== ""))
  .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)));

/** An empty secret is an unset one; a short one is a mistake. */
const Token = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()))
  .pipe(z.string().min(16).nullable());

const Config = z.object({
  ...LOG_VARIABLES,
  ...TRACE_VARIABLES,
  MAX_BODY_BYTES: z.coerce.number().int().min(1),
  AUTH_TIMEOUT_MS: z.coerce.number().int().min(1),
  DEPENDENCY_TIMEOUT_MS: z.coerce.number().int().min(1),
  /** Bounded: it is how long another location may still admit a key that was changed (design.md). */
  KEY_CACHE_MS: z.coerce.number().int().min(0).max(10_000),
  CORS_ORIGINS: Origins,
  /** How often an isolate pushes what it counted. The platform ends what a request left behind after 30 s. */
  METRICS_INTERVAL_MS: z.coerce.number().int().min(10).max(25_000),
  METRICS_TOKEN: Token,
  /** How often a live tail asks the account, and how long it lasts before the client comes back. */
  REQUEST_TAIL_POLL_MS: z.coerce.number().int().min(10).max(60_000).default(1_000),
  REQUEST_TAIL_MAX_MS: z.coerce.number().int().min(10).max(900_000).default(300_000),
});

export interface Config extends z.infer<typeof Config> {
  readonly logger: Logger;
}

/** The gateway's checked configuration, parsed once per isolate. Throws naming what is missing or wrong. */
export const configOf: (env: Env) => Config = once((env: Env) => {
  const config = parseConfig("gateway", Config, env);
  return {
    ...config,
    logger: createLogger({ worker: "gateway", level: config.LOG_LEVEL, sampleRate: config.LOG_SAMPLE_RATE }),
  };
});
