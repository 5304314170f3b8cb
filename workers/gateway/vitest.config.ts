import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { defineConfig } from "vitest/config";
import { prepareAssets } from "./scripts/prepare-assets.ts";

await prepareAssets();

const source = readFileSync(new URL("./test/doubles/service.ts", import.meta.url), "utf8");
const contents = stripTypeScriptTypes(source);
const double = (name: string) => ({
  name,
  modules: [{ type: "ESModule" as const, path: "service.js", contents }],
  compatibilityDate: "2026-11-02",
  compatibilityFlags: ["nodejs_compat"],
});

export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: "../../wrangler.toml" },
      miniflare: {
        // Small, so that limits and deadlines can be met in a test.
        bindings: {
          LOG_SAMPLE_RATE: "1",
          MAX_BODY_BYTES: "10000",
          AUTH_TIMEOUT_MS: "300",
          DEPENDENCY_TIMEOUT_MS: "600",
          KEY_CACHE_MS: "1000",
          CORS_ORIGINS: "https://console.example",
          COLLECTOR_URL: inject("collectorUrl"),
          METRICS_INTERVAL_MS: "50",
          REQUEST_TAIL_POLL_MS: "20",
          REQUEST_TAIL_MAX_MS: "300",
          METRICS_TOKEN: "a-token-of-the-operators",
        },
        workers: ["auth", "billing", "orchestrator", "analytics", "notifications", "proxy"].map((name) =>
          double(`aggregator-${name}`),
        ),
      },
    })),
  ],
  test: {
    isolate: false,
    // The first test of a runtime starts it.
    testTimeout: 15_000,
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/collector/collector.ts"],
    silent: "passed-only",
  },
});
