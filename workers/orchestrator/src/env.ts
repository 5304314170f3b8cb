import { createLogger, type Logger } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { createSecretBox, type SecretBox } from "@aggregator/runtime/secret-box";
import { z } from "zod";

export interface Env {
  readonly DB: D1Database;
  readonly LOG_LEVEL: string;
  readonly ALLOW_PRIVATE_UPSTREAMS: string;
  readonly MASTER_KEY: string;
  readonly BYOK_FEE_BPS: string;
}

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
