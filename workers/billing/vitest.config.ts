import { defineConfig } from "vitest/config";
import { BUNDLED, inWorkerd } from "./test/in-workerd.ts";

/** What has the whole database to itself, such as crons: a runtime for each file. `test/account` and `test/rules` share theirs. */
export default defineConfig({
  // The official package ships source maps without their sources, and says so in 200 lines.
  logLevel: "error",
  plugins: [inWorkerd()],
  test: {
    name: "billing",
    include: ["test/**/*.test.ts"],
    exclude: ["test/account/**", "test/rules/**"],
    setupFiles: ["./test/apply-migrations.ts"],
    deps: BUNDLED,
    silent: "passed-only",
    // Flows run on their own, and the machine may be busy.
    testTimeout: 30_000,
  },
});
