import type { NoticeMessage } from "@aggregator/contracts/notices";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { createSecretBox, type SecretBox } from "@aggregator/runtime/secret-box";
import { z } from "zod";
import type { ProviderHealth } from "./health/provider-health.ts";

export interface Env {
  readonly DB: D1Database;
  readonly PROVIDER_HEALTH: DurableObjectNamespace<ProviderHealth>;
  readonly NOTICES: Queue<NoticeMessage>;
  readonly LOG_LEVEL: string;
  readonly ALLOW_PRIVATE_UPSTREAMS: string;
  readonly MASTER_KEY: string;
  readonly BYOK_FEE_BPS: string;
  readonly HEALTH_OPEN_MS: string;
  readonly HEALTH_RAMP_STEP_MS: string;
}

const Milliseconds = z.coerce.number().int().min(1).max(300_000);

const Config = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  /** Development: providers on http and on private addresses. */
  ALLOW_PRIVATE_UPSTREAMS: z.enum(["true", "false"]).transform((text) => text === "true"),
  /** What a request with a company's own provider key costs: so many basis points of its usual price. */
  BYOK_FEE_BPS: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((bps) => bps <= 10_000, "is more than 10000"),
  MASTER_KEY: z.base64().refine((key) => atob(key).length === 32, "is not 32 bytes of base64"),
  /** How long an endpoint that tripped is passed by, times the trips in a row. */
  HEALTH_OPEN_MS: Milliseconds.default(30_000),
  /** How long it gets a tenth, and then a half, of its traffic before it gets all of it. */
  HEALTH_RAMP_STEP_MS: Milliseconds.default(10_000),
});
export type Config = z.infer<typeof Config>;

/** The checked configuration; throws, naming the wrong variable. Parsed once per isolate. */
export const configOf = once((env: Env): Config => parseConfig("orchestrator", Config, env));

/** The Worker's logger. */
export const loggerOf = once((env: Env): Logger =>
  createLogger({ worker: "orchestrator", level: configOf(env).LOG_LEVEL }),
);

/** Seals credentials with MASTER_KEY. Made per call: a promise must not be shared between requests. */
export function openSecretBox(env: Env): Promise<SecretBox> {
  return createSecretBox(configOf(env).MASTER_KEY);
}
