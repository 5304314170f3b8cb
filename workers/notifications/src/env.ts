import { createLogger, type Logger } from "@aggregator/runtime/log";
import { LOG_VARIABLES } from "@aggregator/runtime/log-variables";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { z } from "zod";
import type { DeliveryJob } from "./domain/delivery-job.ts";

/** Bindings of wrangler.toml and the secret of `.dev.vars`. */
export interface Env {
  readonly DB: D1Database;
  readonly EMAIL: SendEmail;
  readonly DELIVERIES: Queue<DeliveryJob>;
  readonly LOG_LEVEL: string;
  readonly EMAIL_TRANSPORT: string;
  readonly EMAIL_FROM: string;
  readonly OPERATOR_EMAILS: string;
  readonly ALLOW_PRIVATE_UPSTREAMS: string;
  readonly WEBHOOK_TIMEOUT_MS: string;
  readonly MASTER_KEY: string;
}

const Config = z.object({
  ...LOG_VARIABLES,
  EMAIL_TRANSPORT: z.enum(["cloudflare", "outbox"]),
  EMAIL_FROM: z.email(),
  OPERATOR_EMAILS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter((address) => address !== ""))
    .pipe(z.array(z.email())),
  ALLOW_PRIVATE_UPSTREAMS: z.stringbool(),
  WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000),
  MASTER_KEY: z.string().min(1),
});
export type Config = z.infer<typeof Config>;

/** The checked variables; throws, naming the wrong one. Parsed once per isolate. */
export const configOf: (env: Env) => Config = once((env: Env) => parseConfig("notifications", Config, env));

/** The Worker's logger. */
export const loggerOf: (env: Env) => Logger = once((env: Env) => {
  const { LOG_LEVEL: level, LOG_SAMPLE_RATE: sampleRate } = configOf(env);
  return createLogger({ worker: "notifications", level, sampleRate });
});
