import { createContentBox, type ContentBox } from "@aggregator/runtime/content-box";
import { LOG_VARIABLES } from "@aggregator/runtime/log-variables";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { z } from "zod";

export interface Env {
  readonly DB: D1Database;
  readonly LOG_LEVEL: string;
  readonly METRICS_INTERVAL_MS: string;
  /** Prompts and answers that companies have stored, and their policies. */
  readonly CONTENT: R2Bucket;
  readonly CONTENT_KEY: string;
}

const Config = z.object({
  ...LOG_VARIABLES,
  /** How often an isolate writes what its consumers counted. */
  METRICS_INTERVAL_MS: z.coerce.number().int().min(1).max(25_000),
  /** 32 bytes in base64. */
  CONTENT_KEY: z.string().min(1),
});

/** The checked variables; throws, naming the wrong one. Parsed once per isolate. */
export const configOf = once((env: Env) => parseConfig("analytics", Config, env));

/** Opens what the proxies sealed. */
export const contentBoxOf = once((env: Env): Promise<ContentBox> => createContentBox(configOf(env).CONTENT_KEY));

/** The Worker's logger. */
export const loggerOf = once((env: Env): Logger => {
  const { LOG_LEVEL: level, LOG_SAMPLE_RATE: sampleRate } = configOf(env);
  return createLogger({ worker: "analytics", level, sampleRate });
});
