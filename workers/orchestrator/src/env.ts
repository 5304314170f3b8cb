import { createLogger, type Logger } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { createSecretBox, type SecretBox } from "@aggregator/runtime/secret-box";
import { z } from "zod";

export interface Env {
  readonly DB: D1Database;
  readonly LOG_LEVEL: string;
  readonly ALLOW_PRIVATE_UPSTREAMS: string;
  readonly MASTER_KEY: string;
}

const Config = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  /** Development: providers on http and on private addresses. */
  ALLOW_PRIVATE_UPSTREAMS: z.enum(["true", "false"]).transform((text) => text === "true"),
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
