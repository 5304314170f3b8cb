import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/notifications`);

export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: migrations,
          RECEIVER_URL: inject("receiverUrl"),
          LOG_LEVEL: "error",
          EMAIL_TRANSPORT: "outbox",
          OPERATOR_EMAILS: "ops@example.com, ops2@example.com",
          ALLOW_PRIVATE_UPSTREAMS: "true",
          WEBHOOK_TIMEOUT_MS: "300",
          MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
        },
      },
    })),
  ],
  test: {
    name: "notifications",
    // One Worker for all files: starting one costs more than any of them. Each world clears the database.
    isolate: false,
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/receiver/receiver.ts"],
    setupFiles: ["./test/support/apply-migrations.ts"],
  },
});
