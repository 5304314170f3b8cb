import { LOG_VARIABLES } from "@aggregator/runtime/log-variables";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { z } from "zod";

export interface Env {
  readonly DB: D1Database;
  readonly LOG_LEVEL: string;
  readonly METRICS_INTERVAL_MS: string;
}

const Config = z.object({
  ...LOG_VARIABLES,
  /** How often an isolate writes what its consumers counted. */
  METRICS_INTERVAL_MS: z.coerce.number().int().min(1).max(25_000),
});

/** The checked variables; throws, naming the wrong one. Parsed once per isolate. */
export const configOf = once((env: Env) => parseConfig("analytics", Config, env));

/** The Worker's logger. */
export const loggerOf = once((env: Env): Logger => {
  const { LOG_LEVEL: level, LOG_SAMPLE_RATE: sampleRate } = configOf(env);
  return createLogger({ worker: "analytics", level, sampleRate });
});
