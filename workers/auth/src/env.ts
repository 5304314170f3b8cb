import { createLogger, type Logger } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { z } from "zod";
import type { AttemptLimiter } from "./attempts/attempt-limiter.ts";

export interface Env {
  readonly DB: D1Database;
  readonly ATTEMPTS: DurableObjectNamespace<AttemptLimiter>;
  readonly LOG_LEVEL: string;
  readonly AUTH_RATE_LIMIT_PER_MINUTE: string;
  readonly PUBLIC_URL: string;
  readonly MASTER_KEY: string;
}

const Config = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  AUTH_RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(100_000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
  MASTER_KEY: z.base64().refine((key) => atob(key).length === 32, "is not 32 bytes of base64"),
});
export type Config = z.infer<typeof Config>;

/** The checked configuration; throws, naming the wrong variable. Parsed once per isolate. */
export const configOf = once((env: Env): Config => parseConfig("auth", Config, env));

/** The Worker's logger. */
export const loggerOf = once((env: Env): Logger => createLogger({ worker: "auth", level: configOf(env).LOG_LEVEL }));
