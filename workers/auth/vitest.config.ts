import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { defineConfig } from "vitest/config";
import { CLIENT_ID, CLIENT_SECRET, createIssuer, ISSUER } from "./test/doubles/issuer.ts";
import { createGitHub } from "./test/doubles/github.ts";

const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/auth`);
const [github, issuer] = [await createGitHub(), await createIssuer()];
const sink = readFileSync(`${import.meta.dirname}/test/doubles/notices-sink.ts`, "utf8");

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: migrations,
          TEST_GITHUB_JWK: github.privateJwk,
          MASTER_KEY: "YSBrZXkgZm9yIHRlc3RzLCAzMiBieXRlcyBsb25nISE=",
          AUTH_RATE_LIMIT_PER_MINUTE: "1000",
          LOG_LEVEL: "error",
          OIDC_ISSUER: ISSUER,
          OIDC_CLIENT_ID: CLIENT_ID,
          OIDC_CLIENT_SECRET: CLIENT_SECRET,
        },
        serviceBindings: { NOTICES_SINK: "notices-sink" },
        workers: [
          {
            name: "notices-sink",
            modules: [{ type: "ESModule", path: "sink.js", contents: stripTypeScriptTypes(sink) }],
            compatibilityDate: "2026-11-02",
            queueConsumers: { notices: { maxBatchSize: 1, maxBatchTimeout: 0 } },
          },
        ],
        // All that the Worker fetches: nothing leaves the machine.
        outboundService: async (request) =>
          github.answer(request) ?? (await issuer.answer(request)) ?? new Response(null, { status: 502 }),
      },
    }),
  ],
  test: {
    name: "auth",
    include: ["test/**/*.test.ts"],
    setupFiles: ["./test/apply-migrations.ts"],
    silent: "passed-only",
    // Passwords are hashed and queues are waited for, and the machine may be busy.
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
