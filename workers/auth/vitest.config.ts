import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/auth`);

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: migrations,
          MASTER_KEY: "YSBrZXkgZm9yIHRlc3RzLCAzMiBieXRlcyBsb25nISE=",
          AUTH_RATE_LIMIT_PER_MINUTE: "1000",
          LOG_LEVEL: "error",
        },
      },
    }),
  ],
  test: { include: ["test/**/*.test.ts"], setupFiles: ["./test/apply-migrations.ts"] },
});
