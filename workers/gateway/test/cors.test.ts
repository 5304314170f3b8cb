import { beforeEach, describe, expect, it } from "vitest";
import { memberPrincipal } from "./support/builders.ts";
import { answers, auth, billing, orchestrator } from "./support/doubles.ts";
import { send } from "./support/http.ts";

beforeEach(async () => {
  await auth.script({ authenticate: answers(memberPrincipal()) });
  await billing.script({ balance: answers({}) });
  await orchestrator.script({ listModels: answers([]) });
});

function preflight(path: string, origin: string, headers: string): Promise<Response> {
  return send(path, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": headers },
  });
}

const OPENAI_BROWSER =
  "authorization,content-type,openai-organization,openai-project,x-stainless-arch,x-stainless-helper-method,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout,user-agent";
const ANTHROPIC_BROWSER =
  "anthropic-dangerous-direct-browser-access,anthropic-version,anthropic-beta,content-type,x-api-key,x-stainless-lang";

describe("a browser on the data plane", () => {
  it.each([
    ["/v1/chat/completions", OPENAI_BROWSER],
    ["/v1/messages", ANTHROPIC_BROWSER],
    ["/v1/models/a/b", "authorization"],
  ])("may call %s from any origin with the headers its client sends", async (path, headers) => {
    const response = await preflight(path, "https://app.example", headers);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("access-control-allow-methods")).toContain("POST");
    expect(response.headers.get("access-control-allow-headers")?.split(",").toSorted()).toEqual(
      headers.split(",").toSorted(),
    );
  });

  it("is not allowed headers that no client of ours sends", async () => {
    const response = await preflight("/v1/chat/completions", "https://app.example", "x-evil,authorization");
    expect(response.headers.get("access-control-allow-headers")).toBe("authorization");
    const none = await preflight("/v1/chat/completions", "https://app.example", "x-evil");
    expect(none.headers.get("access-control-allow-headers")).not.toContain("x-evil");
  });

  it("may read the answer's ids, limits and timings, also of a refusal", async () => {
    const response = await send("/v1/models", { headers: { origin: "https://app.example" } });
    expect(response.status).toBe(401);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const exposed = response.headers.get("access-control-expose-headers") ?? "";
    for (const name of [
      "x-request-id",
      "retry-after",
      "x-ratelimit-limit-requests",
      "x-aggregator-provider",
      "server-timing",
    ]) {
      expect(exposed).toContain(name);
    }
  });
});

describe("case 52: a browser on the management plane", () => {
  const call = (origin: string) => send("/v1/billing/balance", { headers: { origin, authorization: "Bearer t" } });

  it("may call from an origin that the operator lists", async () => {
    const response = await call("https://console.example");
    expect(response.headers.get("access-control-allow-origin")).toBe("https://console.example");
    expect(response.headers.get("vary")).toContain("Origin");
  });

  it.each([
    "https://evil.example",
    "null",
    "https://console.example.evil.example",
    "http://console.example",
    "https://console.example:444",
    "https://xconsole.example",
  ])("may not from %s", async (origin) => {
    expect((await call(origin)).headers.get("access-control-allow-origin")).toBeNull();
    const asked = await preflight("/v1/billing/balance", origin, "authorization");
    expect(asked.headers.get("access-control-allow-origin")).toBeNull();
  });
});
