import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/analytics`);

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: migrations,
          METRICS_INTERVAL_MS: "1",
          CONTENT_KEY: Buffer.alloc(32, 5).toString("base64"),
        },
      },
    }),
  ],
  test: {
    name: "analytics",
    // One Worker for all files: starting one costs more than any of them. Each file clears the database.
    isolate: false,
    include: ["test/**/*.test.ts"],
    setupFiles: ["./test/apply-migrations.ts"],
    silent: "passed-only",
  },
});
