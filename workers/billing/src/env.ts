import type { UsageMessage } from "@aggregator/contracts/usage-events";
import type { LogLevel } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { parseUsd } from "@aggregator/money/usd-decimal";
import { z } from "zod";
import type { CompanyAccount } from "./account/company-account.ts";

export interface Env {
  readonly DB: D1Database;
  readonly COMPANY_ACCOUNT: DurableObjectNamespace<CompanyAccount>;
  readonly USAGE_EVENTS: Queue<UsageMessage>;
  readonly LOG_LEVEL: string;
  readonly SIGNUP_CREDIT_USD: string;
  readonly OUTBOX_FLUSH_MS: string;
}

const Usd = z.string().transform((text, context) => {
  const amount = parseUsd(text);
  if (amount !== null) return amount;
  context.addIssue({ code: "custom", message: "is not an amount in USD such as 100 or 0.50" });
  return z.NEVER;
});

const Config = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  SIGNUP_CREDIT_USD: Usd,
  OUTBOX_FLUSH_MS: z.coerce.number().int().min(10).max(600_000),
});

export interface BillingConfig {
  readonly logLevel: LogLevel;
  /** Credit with which an account opens. */
  readonly signupCreditNanoUsd: number;
  /** How long ended requests may wait before they are told to analytics. */
  readonly outboxFlushMs: number;
}

/** The checked configuration, parsed once per isolate. Throws when a variable is missing or wrong. */
export const billingConfig = once((env: Env): BillingConfig => {
  const parsed = parseConfig("billing", Config, env);
  return {
    logLevel: parsed.LOG_LEVEL,
    signupCreditNanoUsd: parsed.SIGNUP_CREDIT_USD,
    outboxFlushMs: parsed.OUTBOX_FLUSH_MS,
  };
});
