import { defineConfig } from "vitest/config";

/** Pure rules: they need no Worker around them. */
export default defineConfig({ test: { name: "billing-rules", include: ["*.test.ts"], isolate: false } });
