import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { listenForReports } from "./report-double/server.ts";
import { listenOnFreePort } from "./stripe-double/listen.ts";

const WEBHOOK_SECRET = "whsec_double";
const worker = `${import.meta.dirname}/..`;

/**
 * The Worker in workerd, with a local Stripe. Asked anew for each runtime, so that tests that do not share a
 * database do not share a Stripe either: they would find each other's payments when they compare the two. `bindings` are added to the Worker's own.
 */
export function inWorkerd(bindings: Readonly<Record<string, string>> = {}) {
  return cloudflareTest(async () => {
    const reports = await listenForReports();
    return {
      wrangler: { configPath: `${worker}/wrangler.toml` },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(`${worker}/../../migrations/billing`),
          STRIPE_SECRET_KEY: "sk_test_double",
          STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
          STRIPE_API_BASE: await listenOnFreePort(WEBHOOK_SECRET),
          // Neither a busy machine nor an alarm that rings of its own accord decides a test: tests that want a
          // timeout ask for a short one, and tests ring alarms themselves.
          STRIPE_TIMEOUT_MS: "20000",
          OUTBOX_FLUSH_MS: "600000",
          OPENAI_ADMIN_KEY: "report-key",
          OPENAI_ADMIN_API_BASE: `${reports}/openai`,
          ANTHROPIC_ADMIN_KEY: "report-key",
          ANTHROPIC_ADMIN_API_BASE: `${reports}/anthropic`,
          OPENROUTER_MANAGEMENT_KEY: "report-key",
          OPENROUTER_MANAGEMENT_API_BASE: `${reports}/openrouter`,
          ...bindings,
        },
      },
    };
  });
}

/** Stripe's some 270 modules, each asked for on its own by each runtime, as one file. */
export const BUNDLED = { optimizer: { ssr: { enabled: true, include: ["stripe"] } } };
