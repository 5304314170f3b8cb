import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["./support/shared-platform.ts"],
    // One file after another: they share a platform and two cores.
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 90_000,
  },
});
