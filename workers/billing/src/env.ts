import type { MetricsMessage } from "@aggregator/contracts/metrics";
import type { NoticeMessage } from "@aggregator/contracts/notices";
import type { UsageMessage } from "@aggregator/contracts/usage-events";
import { createLogger, type Logger, type LogLevel } from "@aggregator/runtime/log";
import { once, parseConfig } from "@aggregator/runtime/parse-config";
import { parseUsd } from "@aggregator/money/usd-decimal";
import { z } from "zod";
import type { CompanyAccount } from "./account/company-account.ts";
import type { PaymentFlowInput } from "./workflows/payment-flow.ts";
import type { SubscriptionFlowInput } from "./workflows/subscription-flow.ts";

export interface Env {
  readonly DB: D1Database;
  readonly COMPANY_ACCOUNT: DurableObjectNamespace<CompanyAccount>;
  readonly USAGE_EVENTS: Queue<UsageMessage>;
  readonly LOG_LEVEL: string;
  readonly SIGNUP_CREDIT_USD: string;
  readonly OUTBOX_FLUSH_MS: string;
  readonly ARCHIVE_AFTER_DAYS: string;
  readonly ARCHIVE: R2Bucket;
  readonly LOW_BALANCE_USD: string;
  readonly NOTICES: Queue<NoticeMessage>;
  /** Without it nothing is counted. */
  readonly METRICS?: Queue<MetricsMessage>;
  readonly PAYMENT_FLOW: Workflow<PaymentFlowInput>;
  readonly SUBSCRIPTION_FLOW: Workflow<SubscriptionFlowInput>;
  readonly CONSOLE_URL: string;
  readonly STRIPE_SECRET_KEY?: string;
  readonly STRIPE_WEBHOOK_SECRET?: string;
  readonly STRIPE_API_BASE?: string;
  readonly STRIPE_TIMEOUT_MS: string;
  readonly OPENAI_ADMIN_KEY?: string;
  readonly OPENAI_ADMIN_API_BASE?: string;
  readonly ANTHROPIC_ADMIN_KEY?: string;
  readonly ANTHROPIC_ADMIN_API_BASE?: string;
  readonly OPENROUTER_MANAGEMENT_KEY?: string;
  readonly OPENROUTER_MANAGEMENT_API_BASE?: string;
  readonly PROVIDER_COST_TOLERANCE_BPS: string;
  readonly MIN_TOPUP_USD: string;
  readonly MAX_TOPUP_USD: string;
  readonly REFERRAL_COMMISSION_BPS: string;
  readonly REFERRAL_COMMISSION_MONTHS: string;
  readonly REFERRAL_COMMISSION_CAP_USD: string;
}

const Usd = z.string().transform((text, context) => {
  const amount = parseUsd(text);
  if (amount !== null) return amount;
  context.addIssue({ code: "custom", message: "is not an amount in USD such as 100 or 0.50" });
  return z.NEVER;
});

/** An empty variable is an unset one: a secret that is blank must never verify anything. */
const Optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));

const Config = z.object({
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  SIGNUP_CREDIT_USD: Usd,
  LOW_BALANCE_USD: Usd,
  OUTBOX_FLUSH_MS: z.coerce.number().int().min(10).max(600_000),
  ARCHIVE_AFTER_DAYS: z.coerce
    .number()
    .int()
    .max(3_650)
    .refine((days) => days === 0 || days >= 32, {
      message: "is neither 0 nor 32 or more: a month is closed before it is archived",
    }),
  CONSOLE_URL: z.url({ protocol: /^https?$/ }),
  STRIPE_SECRET_KEY: Optional,
  STRIPE_WEBHOOK_SECRET: Optional,
  STRIPE_API_BASE: Optional.pipe(z.url({ protocol: /^https?$/ }).nullable()),
  STRIPE_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000),
  MIN_TOPUP_USD: Usd,
  MAX_TOPUP_USD: Usd,
  REFERRAL_COMMISSION_BPS: z.coerce.number().int().min(0).max(10_000),
  REFERRAL_COMMISSION_MONTHS: z.coerce.number().int().min(0).max(120),
  REFERRAL_COMMISSION_CAP_USD: Usd,
});

export interface BillingConfig {
  readonly logLevel: LogLevel;
  /** Credit with which an account opens. */
  readonly signupCreditNanoUsd: number;
  /** How long ended requests may wait before they are told to analytics. */
  readonly outboxFlushMs: number;
  /** From which age on entries lie in R2; 0: never. */
  readonly archiveAfterDays: number;
  /** Below it a company is told, until it sets its own thresholds; 0: never. */
  readonly lowBalanceNanoUsd: number;
}

/** How the platform is paid. */
export interface PaymentConfig {
  readonly log: Logger;
  /** Where Stripe sends the customer back to. */
  readonly consoleUrl: string;
  /** null: payments are off, and their routes do not exist. */
  readonly stripe: StripeConfig | null;
  readonly minTopupNanoUsd: number;
  readonly maxTopupNanoUsd: number;
  /** Terms of a referrer who is on no plan. */
  readonly referral: { readonly bps: number; readonly months: number; readonly capNanoUsd: number };
}

export interface StripeConfig {
  readonly secretKey: string;
  /** null: the webhook does not exist. */
  readonly webhookSecret: string | null;
  /** Another host than Stripe's, for tests. */
  readonly apiBase: string | null;
  readonly timeoutMs: number;
  /** Whether the key moves real money: events of the other mode are refused. */
  readonly livemode: boolean;
}

/** The checked configuration, parsed once per isolate. Throws when a variable is missing or wrong. */
export const billingConfig = once((env: Env): BillingConfig => {
  const parsed = parseConfig("billing", Config, env);
  return {
    logLevel: parsed.LOG_LEVEL,
    signupCreditNanoUsd: parsed.SIGNUP_CREDIT_USD,
    outboxFlushMs: parsed.OUTBOX_FLUSH_MS,
    archiveAfterDays: parsed.ARCHIVE_AFTER_DAYS,
    lowBalanceNanoUsd: parsed.LOW_BALANCE_USD,
  };
});

const ApiBase = Optional.pipe(z.url({ protocol: /^https?$/ }).nullable());
const ReportConfig = z.object({
  OPENAI_ADMIN_KEY: Optional,
  OPENAI_ADMIN_API_BASE: ApiBase,
  ANTHROPIC_ADMIN_KEY: Optional,
  ANTHROPIC_ADMIN_API_BASE: ApiBase,
  OPENROUTER_MANAGEMENT_KEY: Optional,
  OPENROUTER_MANAGEMENT_API_BASE: ApiBase,
  PROVIDER_COST_TOLERANCE_BPS: z.coerce.number().int().min(0).max(10_000),
});

/** Where a provider says what it has billed, and the key that may read it. */
export interface ReportSource {
  readonly key: string;
  readonly apiBase: string;
}

/** null: no key of such a report is configured. */
export interface ReportsConfig {
  readonly openai: ReportSource | null;
  readonly anthropic: ReportSource | null;
  readonly openrouter: ReportSource | null;
  /** A difference up to this share of the larger amount is none. */
  readonly toleranceBps: number;
}

/** The providers' reports that can be read, parsed once per isolate. */
export const reportConfig = once((env: Env): ReportsConfig => {
  const parsed = parseConfig("billing", ReportConfig, env);
  const source = (key: string | null, apiBase: string) => (key === null ? null : { key, apiBase });
  return {
    openai: source(parsed.OPENAI_ADMIN_KEY, parsed.OPENAI_ADMIN_API_BASE ?? "https://api.openai.com/v1"),
    anthropic: source(parsed.ANTHROPIC_ADMIN_KEY, parsed.ANTHROPIC_ADMIN_API_BASE ?? "https://api.anthropic.com"),
    openrouter: source(
      parsed.OPENROUTER_MANAGEMENT_KEY,
      parsed.OPENROUTER_MANAGEMENT_API_BASE ?? "https://openrouter.ai/api/v1",
    ),
    toleranceBps: parsed.PROVIDER_COST_TOLERANCE_BPS,
  };
});

const MetricsConfig = z.object({
  METRICS_INTERVAL_MS: z.coerce.number().int().min(10).max(600_000).default(10_000),
});

/** How often an isolate pushes what its accounts look like together. */
export const metricsIntervalMs = once(
  (env: Env): number => parseConfig("billing", MetricsConfig, env).METRICS_INTERVAL_MS,
);

/** The configuration of payments, parsed once per isolate. Throws when a variable is missing or wrong. */
export const paymentConfig = once((env: Env): PaymentConfig => {
  const parsed = parseConfig("billing", Config, env);
  const secretKey = parsed.STRIPE_SECRET_KEY;
  const stripe = secretKey === null ? null : stripeConfigOf(secretKey, parsed);
  return {
    log: createLogger({ worker: "billing", level: parsed.LOG_LEVEL }),
    consoleUrl: parsed.CONSOLE_URL.replace(/\/$/, ""),
    stripe,
    minTopupNanoUsd: parsed.MIN_TOPUP_USD,
    maxTopupNanoUsd: parsed.MAX_TOPUP_USD,
    referral: {
      bps: parsed.REFERRAL_COMMISSION_BPS,
      months: parsed.REFERRAL_COMMISSION_MONTHS,
      capNanoUsd: parsed.REFERRAL_COMMISSION_CAP_USD,
    },
  };
});

function stripeConfigOf(secretKey: string, parsed: z.infer<typeof Config>): StripeConfig {
  return {
    secretKey,
    webhookSecret: parsed.STRIPE_WEBHOOK_SECRET,
    apiBase: parsed.STRIPE_API_BASE,
    timeoutMs: parsed.STRIPE_TIMEOUT_MS,
    livemode: /^(?:sk|rk)_live_/.test(secretKey),
  };
}
