import { defineConfig } from "vitest/config";

/** Pure rules, and each Worker by itself. `tests/` has the rings above, with configurations of their own. */
export default defineConfig({
  test: {
    // Vitest leaves a core to itself by default, which on two is half of them.
    maxWorkers: "100%",
    projects: [
      "packages/*/vitest.config.ts",
      "workers/*/vitest.config.ts",
      "workers/billing/test/{account,rules}/vitest.config.ts",
      "workers/proxy/test/runtime/vitest.config.ts",
      "tools/vitest.config.ts",
    ],
  },
});
