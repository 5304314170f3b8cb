import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { listenOnFreePort } from "./test/stripe-double/listen.ts";

const WEBHOOK_SECRET = "whsec_double";
const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/billing`);
/** Stripe's place while the tests run; it goes with the process. */
const stripeDouble = await listenOnFreePort(WEBHOOK_SECRET);

export default defineConfig({
  // The official package ships source maps without their sources, and says so in 200 lines.
  logLevel: "error",
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: migrations,
          STRIPE_SECRET_KEY: "sk_test_double",
          STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
          STRIPE_API_BASE: stripeDouble,
          STRIPE_TIMEOUT_MS: "500",
        },
      },
    }),
  ],
  test: {
    name: "billing",
    include: ["test/**/*.test.ts"],
    setupFiles: ["./test/apply-migrations.ts"],
    silent: "passed-only",
    // Flows run on their own, and the machine may be busy.
    testTimeout: 30_000,
  },
});
