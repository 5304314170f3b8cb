import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import { deleteExpiredKeys } from "../db/idempotency-keys.ts";
import { dayOf } from "../domain/day-total.ts";
import { type Env, paymentConfig } from "../env.ts";
import { reconcileStripe } from "../payments/reconcile-stripe.ts";
import { runAutoTopups } from "../payments/run-auto-topups.ts";
import { stripeOf } from "../payments/stripe-client.ts";
import { tellUntoldMarkups } from "../pricing/tell-markups.ts";
import { pokeAccounts } from "./poke-accounts.ts";
import { reconcileProviders } from "../reconciliation/providers/reconcile-providers.ts";
import { reconcileLedgers } from "../reconciliation/reconcile-ledgers.ts";
import { sweepPayments } from "../payments/sweep-payments.ts";
import { closeStatements } from "../statements/close-statements.ts";
import { renewSubscriptions } from "../subscriptions/renew-subscriptions.ts";
import { tellUntoldAccounts } from "../subscriptions/tell-account.ts";

/** Triggers of wrangler.toml; every other one is the minute's. */
const DAILY = "17 3 * * *";
const HOURLY = "41 * * * *";
const EXPIRED_KEYS = 500;
const DAY_MS = 86_400_000;

/** Does what is due at this minute, compares the ledgers with their daily totals, or the days before with Stripe and with providers. A duty that fails does not stop the others. */
export async function runCron(env: Env, cron: string, nowMs: number): Promise<void> {
  const duties: Readonly<Record<string, () => Promise<void>>> =
    cron === DAILY
      ? {
          reconcile_stripe: () => reconcileYesterday(env, nowMs),
          reconcile_providers: () => reconcileReports(env, nowMs),
        }
      : cron === HOURLY
        ? { reconcile_ledgers: async () => void (await reconcileLedgers(env, nowMs)) }
        : {
            accounts: () => pokeAccounts(env, nowMs),
            auto_topups: () => runAutoTopups(env, nowMs),
            payments: () => sweepPayments(env, nowMs),
            renewals: () => renewSubscriptions(env, nowMs),
            statements: () => closeStatements(env, nowMs),
            plans: () => tellUntoldAccounts(env),
            markups: () => tellUntoldMarkups(env),
            idempotency_keys: () => deleteExpiredKeys(openDatabase(env.DB), nowMs, EXPIRED_KEYS),
          };
  for (const [operation, duty] of Object.entries(duties)) {
    try {
      await duty();
    } catch (error) {
      paymentConfig(env).log.error("cron.failed", { operation, ...defectFields(error) });
    }
  }
}

/** Reports are complete a day later at times: each day is compared twice, and what ties then is no finding any more. */
async function reconcileReports(env: Env, nowMs: number): Promise<void> {
  for (const daysAgo of [2, 1]) await reconcileProviders(env, dayOf(nowMs - daysAgo * DAY_MS), nowMs);
}

async function reconcileYesterday(env: Env, nowMs: number): Promise<void> {
  const stripe = stripeOf(env);
  if (stripe !== null) await reconcileStripe(env, stripe, new Date(nowMs - DAY_MS).toISOString().slice(0, 10));
}
