import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The Worker inside vitest's pool, with doubles in the same script. */
const inWorkerd = cloudflareTest(({ inject }) => ({
  main: "./test/support/worker.ts",
  miniflare: {
    compatibilityDate: "2026-11-02",
    compatibilityFlags: ["nodejs_compat", "enable_request_signal", "global_fetch_strictly_public"],
    bindings: {
      LOG_LEVEL: "error",
      HOLD_LEASE_MS: "60000",
      // Longer than an answer that comes at once takes on a busy machine.
      DISPATCH_MARK_MS: "150",
      FIRST_BYTE_TIMEOUT_MS: "400",
      IDLE_TIMEOUT_MS: "400",
      TOTAL_TIMEOUT_MS: "5000",
      MAX_UPSTREAM_BYTES: "1048576",
      ALLOW_PRIVATE_UPSTREAMS: "true",
      PLAN_TIMEOUT_MS: "500",
      RESERVE_TIMEOUT_MS: "500",
      CHECKPOINT_INTERVAL_MS: "300",
      RETRY_WAIT_MAX_MS: "1500",
      DRAIN_TIMEOUT_MS: "3000",
      PROVIDER_URL: inject("providerUrl"),
    },
    durableObjects: { COMPANY_ACCOUNT: { className: "CompanyAccountDouble", useSQLite: true } },
    serviceBindings: { ORCHESTRATOR: { name: "vitest-plugin-runner-proxy", entrypoint: "OrchestratorDouble" } },
  },
}));

export default defineConfig({
  plugins: [inWorkerd],
  test: {
    isolate: false,
    name: "proxy",
    include: ["test/*.test.ts"],
    globalSetup: ["./test/provider/provider.ts"],
    testTimeout: 15_000,
  },
});
