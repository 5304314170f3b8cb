import { ERROR_CODES } from "@aggregator/contracts/result";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { buildApp } from "../src/app.ts";
import { anthropicErrorBody, openAiErrorBody } from "../src/errors/error-body.ts";
import { ERROR_TABLE } from "@aggregator/contracts/error-table";
import { env } from "cloudflare:workers";
import { memberPrincipal } from "./support/builders.ts";
import { answers, auth, billing, refuses } from "./support/doubles.ts";
import { refusal, send } from "./support/http.ts";
import { anyNumber, matching } from "./support/matchers.ts";

beforeEach(async () => {
  await auth.script({ authenticate: answers(memberPrincipal()) });
});

describe("every error code", () => {
  it.each(ERROR_CODES)("%s reaches the client with its status and type", async (code) => {
    await billing.script({ balance: refuses(code, "because", { param: "a.b", retryAfterSeconds: 7 }) });
    const response = await send("/v1/billing/balance", { headers: { authorization: "Bearer t" } });
    expect(response.status).toBe(ERROR_TABLE[code].status);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toEqual({
      error: { message: "because", type: ERROR_TABLE[code].type, code, param: "a.b" },
      request_id: response.headers.get("x-request-id"),
    });
  });

  it("has the status that the wire promises", () => {
    const promised = {
      invalid_request: 400,
      invalid_api_key: 401,
      insufficient_balance: 402,
      permission_denied: 403,
      not_found: 404,
      model_not_found: 404,
      idempotency_in_progress: 409,
      request_too_large: 413,
      unsupported_media_type: 415,
      rate_limit_exceeded: 429,
      upstream_error: 502,
      service_unavailable: 503,
      upstream_timeout: 504,
    };
    const given = Object.entries(ERROR_TABLE).map(([code, { status }]) => [code, status]);
    expect(Object.fromEntries(given)).toMatchObject(promised);
  });
});

describe("the shapes", () => {
  it("name the request that came first in a conflict of idempotency keys", () => {
    const error = { code: "idempotency_in_progress", message: "m", firstRequestId: "first" } as const;
    expect(openAiErrorBody(error, "second")).toMatchObject({ request_id: "second", first_request_id: "first" });
  });

  it.each([
    ["invalid_api_key", "authentication_error"],
    ["insufficient_balance", "billing_error"],
    ["permission_denied", "permission_error"],
    ["model_not_found", "not_found_error"],
    ["request_too_large", "request_too_large"],
    ["rate_limit_exceeded", "rate_limit_error"],
    ["internal_error", "api_error"],
  ] as const)("%s is Anthropic's %s", (code, type) => {
    expect(anthropicErrorBody({ code, message: "m" }, "id").error.type).toBe(type);
  });
});

describe("what does not exist", () => {
  it.each(["/v1", "/v1/nothing", "/v1/chat/completions/", "/v1//models", "/admin", "/vendor/../wrangler.toml"])(
    "%s is 404",
    async (path) => {
      expect(await refusal(await send(path))).toMatchObject({ status: 404, code: "not_found" });
    },
  );

  it.each([
    ["GET", "/v1/chat/completions", "POST"],
    ["DELETE", "/v1/billing/balance", "GET, HEAD"],
    ["PUT", "/v1/api-keys", "GET, HEAD, POST"],
    ["POST", "/v1/admin/models/a/b", "DELETE, GET, HEAD, PATCH"],
    ["POST", "/health/live", "GET, HEAD"],
  ])("%s %s is 405 and says what is allowed", async (method, path, allow) => {
    const response = await send(path, { method });
    expect(response.headers.get("allow")).toBe(allow);
    expect(await refusal(response)).toMatchObject({ status: 405, code: "method_not_allowed" });
  });

  it("a wrong method on /v1/messages is refused in Anthropic's shape", async () => {
    const response = await send("/v1/messages");
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
  });
});

describe("the root", () => {
  it("leads to the documentation", async () => {
    const response = await send("/");
    expect([response.status, response.headers.get("location")]).toEqual([302, "/docs"]);
  });
});

describe("a defect", () => {
  it("is 500 with the request id and nothing of its message, which only its class reaches the log", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const app = buildApp();
    app.get("/broken", () => {
      throw new TypeError("secret-detail");
    });
    const response = await app.request("/broken", {}, env);
    const text = await response.text();
    const logged = lines.mock.calls.flat().join("\n");
    lines.mockRestore();
    expect(response.status).toBe(500);
    expect(text).toContain("internal_error");
    expect(text).toContain(response.headers.get("x-request-id") ?? "no id");
    expect(text + logged).not.toContain("secret-detail");
    expect(logged).toContain('"error_name":"TypeError"');
  });
});

describe("the access log", () => {
  it("is one JSON line with the ids, the route's pattern and who asked", async () => {
    await billing.script({ getRequest: answers({}) });
    const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const response = await send("/v1/requests/secret-id?token=secret", {
      headers: { authorization: "Bearer secret", "x-client-request-id": "mine" },
    });
    const logged = lines.mock.calls.flat().map(String);
    lines.mockRestore();
    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toContain("secret");
    expect(JSON.parse(logged[0] ?? "")).toMatchObject({
      worker: "gateway",
      event: "request",
      request_id: response.headers.get("x-request-id"),
      client_request_id: "mine",
      trace_id: matching(/^[0-9a-f]{32}$/),
      company_id: "company-1",
      member_id: "member-1",
      method: "GET",
      route: "/v1/requests/:id",
      status: 200,
      latency_ms: anyNumber,
    });
  });
});
