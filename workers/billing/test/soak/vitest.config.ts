import { env } from "node:process";
import { defineConfig } from "vitest/config";
import { BUNDLED, inWorkerd } from "../in-workerd.ts";

/** Longer than a suite may take: `vitest run --root workers/billing/test/soak`; SOAK_SEED repeats a run. */
export default defineConfig({
  logLevel: "error",
  plugins: [
    inWorkerd({
      SOAK_SEED: env["SOAK_SEED"] ?? String(Date.now() % 2 ** 31),
      SOAK_SEQUENCES: env["SOAK_SEQUENCES"] ?? "20000",
    }),
  ],
  test: {
    name: "billing-soak",
    include: ["*.soak.ts"],
    setupFiles: ["../apply-migrations.ts"],
    deps: BUNDLED,
    testTimeout: 900_000,
  },
});
