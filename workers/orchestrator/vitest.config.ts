import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The providers of the tests, which are asked whether they take a key: each by its host. */
function answerAsProvider(request: { readonly url: string; readonly headers: Headers }): Response {
  const url = new URL(request.url);
  const sent = ["authorization", "x-api-key", "x-goog-api-key", "api-key"].map((name) => request.headers.get(name));
  const isKnown = sent.some((value) => value?.endsWith("sk-good-0123456789") === true);
  switch (url.hostname.split(".")[0]) {
    case "takes":
      return new Response(null, { status: isKnown ? 200 : 401 });
    case "moves":
      return Response.redirect("https://takes.example.com/models", 302);
    case "public":
      return new Response(null, { status: url.pathname.endsWith("/key") && !isKnown ? 401 : 200 });
    case "odd":
      return new Response(null, { status: isKnown ? 200 : 400 });
    default:
      return new Response(null, { status: 500 });
  }
}

const migrations = await readD1Migrations(`${import.meta.dirname}/../../migrations/orchestrator`);

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        outboundService: answerAsProvider,
        bindings: {
          TEST_MIGRATIONS: migrations,
          MASTER_KEY: "YSBrZXkgZm9yIHRlc3RzLCAzMiBieXRlcyBsb25nISE=",
          LOG_LEVEL: "error",
          BYOK_FEE_BPS: "500",
        },
      },
    }),
  ],
  test: { isolate: false, include: ["test/**/*.test.ts"], setupFiles: ["./test/apply-migrations.ts"] },
});
