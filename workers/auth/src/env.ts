import type { NoticeMessage } from "@aggregator/contracts/notices";
import { createLogger, type Logger } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { z } from "zod";
import type { AttemptLimiter } from "./attempts/attempt-limiter.ts";

export interface Env {
  readonly DB: D1Database;
  readonly ATTEMPTS: DurableObjectNamespace<AttemptLimiter>;
  readonly NOTICES: Queue<NoticeMessage>;
  readonly LOG_LEVEL: string;
  readonly LOG_SAMPLE_RATE: string;
  readonly AUTH_RATE_LIMIT_PER_MINUTE: string;
  readonly PUBLIC_URL: string;
  readonly GITHUB_KEYS_URL: string;
  readonly OIDC_ISSUER: string;
  readonly OIDC_CLIENT_ID: string;
  readonly OIDC_CLIENT_SECRET?: string;
  readonly ALLOW_PRIVATE_UPSTREAMS: string;
  readonly MASTER_KEY: string;
}

const Variables = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  LOG_SAMPLE_RATE: z.coerce.number().min(0).max(1),
  AUTH_RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).max(100_000),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
  /** Empty: GitHub's reports are not taken. */
  GITHUB_KEYS_URL: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]),
  /** Empty: nobody signs in by an issuer. */
  OIDC_ISSUER: z.union([z.literal(""), z.url({ protocol: /^https?$/ })]),
  OIDC_CLIENT_ID: z.string().max(256),
  /** Empty: a public client. */
  OIDC_CLIENT_SECRET: z.string().max(1_024).default(""),
  ALLOW_PRIVATE_UPSTREAMS: z.stringbool(),
  MASTER_KEY: z.base64().refine((key) => atob(key).length === 32, "is not 32 bytes of base64"),
});
const Config = Variables.refine(({ OIDC_ISSUER, OIDC_CLIENT_ID }) => (OIDC_ISSUER === "") === (OIDC_CLIENT_ID === ""), {
  path: ["OIDC_CLIENT_ID"],
  message: "belongs to OIDC_ISSUER: set both or neither",
});
export type Config = z.infer<typeof Config>;

/** The checked configuration; throws, naming the wrong variable. Parsed once per isolate. */
export const configOf = once((env: Env): Config => parseConfig("auth", Config, env));

/** The Worker's logger. */
export const loggerOf = once((env: Env): Logger => {
  const { LOG_LEVEL: level, LOG_SAMPLE_RATE: sampleRate } = configOf(env);
  return createLogger({ worker: "auth", level, sampleRate });
});
