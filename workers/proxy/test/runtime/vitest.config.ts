import { defineConfig } from "vitest/config";

/** The proxy over real sockets, with many requests at once. */
export default defineConfig({
  test: { isolate: false, name: "proxy-runtime", include: ["*.test.ts"], testTimeout: 30_000 },
});
