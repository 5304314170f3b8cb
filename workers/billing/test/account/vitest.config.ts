import { defineConfig } from "vitest/config";
import { BUNDLED, inWorkerd } from "../in-workerd.ts";

/** Companies' accounts: each test has a company of its own, so that one runtime serves all files. */
export default defineConfig({
  logLevel: "error",
  plugins: [inWorkerd()],
  test: {
    name: "billing-account",
    include: ["*.test.ts"],
    setupFiles: ["../apply-migrations.ts"],
    isolate: false,
    maxWorkers: 1,
    deps: BUNDLED,
    silent: "passed-only",
    testTimeout: 30_000,
  },
});
