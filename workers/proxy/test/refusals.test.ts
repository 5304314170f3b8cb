import { describe, expect, it } from "vitest";
import { Scene } from "./support/harness.ts";
import { chatAnswer } from "./support/wire.ts";

interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly param: string | null;
    readonly type: string;
  };
  readonly request_id: string;
}

async function expectUntouched(scene: Scene): Promise<void> {
  expect((await scene.accountLog()).reserves).toEqual([]);
  expect(await scene.providerCalls("a")).toEqual([]);
}

describe("a request that is not valid is refused before anything is reserved", () => {
  const message = { role: "user", content: "Hi" };
  it.each<[name: string, body: unknown, code: string, param: string | null]>([
    ["not JSON", "{", "invalid_json", null],
    ["nothing", "", "invalid_json", null],
    ["a key twice", '{"model":"a","model":"b"}', "invalid_json", null],
    ["__proto__", '{"__proto__":{}}', "invalid_json", null],
    ["too deep", "[".repeat(10_000), "invalid_json", null],
    ["a number out of range", '{"temperature":1e400}', "invalid_json", null],
    ["an array", [], "invalid_request", "body"],
    ["no messages", { model: "m" }, "invalid_request", "messages"],
    ["empty messages", { model: "m", messages: [] }, "invalid_request", "messages"],
    ["messages of the wrong type", { model: "m", messages: "hi" }, "invalid_request", "messages"],
    ["a message that is no object", { model: "m", messages: [1] }, "invalid_request", "messages.0"],
    ["a message without a role", { model: "m", messages: [{}] }, "invalid_request", "messages.0.role"],
    ["no model", { messages: [message] }, "invalid_request", "model"],
    ["a model that is a number", { model: 5, messages: [message] }, "invalid_request", "model"],
    ["max_tokens 0", { model: "m", messages: [message], max_tokens: 0 }, "invalid_request", "max_tokens"],
    ["max_tokens 1.5", { model: "m", messages: [message], max_tokens: 1.5 }, "invalid_request", "max_tokens"],
    [
      "negative max_completion_tokens",
      { model: "m", messages: [message], max_completion_tokens: -1 },
      "invalid_request",
      "max_completion_tokens",
    ],
    ["n of the wrong type", { model: "m", messages: [message], n: "2" }, "invalid_request", "n"],
    ["stream of the wrong type", { model: "m", messages: [message], stream: "yes" }, "invalid_request", "stream"],
    [
      "include_usage of the wrong type",
      { model: "m", messages: [message], stream_options: { include_usage: 1 } },
      "invalid_request",
      "stream_options.include_usage",
    ],
    [
      "an unknown routing hint",
      { model: "m", messages: [message], provider: { odrer: ["a"] } },
      "invalid_request",
      "provider.odrer",
    ],
  ])("%s", async (_, body, code, param) => {
    const scene = await Scene.withOne(chatAnswer());
    const response = await scene.request("/v1/chat/completions", body);
    expect(response.status).toBe(400);
    const answer = await response.json<ErrorAnswer>();
    expect(answer.error).toMatchObject({ code, param, type: "invalid_request_error" });
    expect(answer.request_id).toContain(scene.id);
    await expectUntouched(scene);
  });

  it.each([
    ["another content type", { "content-type": "text/plain" }],
    ["a form", { "content-type": "application/json-patch+json" }],
    ["a compressed body", { "content-encoding": "gzip" }],
  ])("%s is 415", async (_, headers) => {
    const scene = await Scene.withOne(chatAnswer());
    const response = await scene.chat({}, { headers });
    expect(response.status).toBe(415);
    expect((await response.json<ErrorAnswer>()).error.code).toBe("unsupported_media_type");
    await expectUntouched(scene);
  });

  it("an unknown model is 404", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const response = await scene.chat({ model: "unknown" });
    expect(response.status).toBe(404);
    expect((await response.json<ErrorAnswer>()).error.code).toBe("model_not_found");
    await expectUntouched(scene);
  });
});

describe("a caller that may not", () => {
  it("call this endpoint is refused", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const principal = scene.principal({ allowedEndpoints: ["/v1/embeddings"] });
    const response = await scene.chat({}, { principal });
    expect(response.status).toBe(403);
    await expectUntouched(scene);
  });
  it("infer at all is refused", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const whole = scene.principal();
    const principal = { ...whole, actor: { ...whole.actor, permissions: ["usage:read"] as const } };
    expect((await scene.chat({}, { principal })).status).toBe(403);
    await expectUntouched(scene);
  });
});

describe("case 17: a dependency that does not answer is 503, never a free answer", () => {
  it.each(["slow", "broken"])("the orchestrator is %s", async (model) => {
    const scene = await Scene.withOne(chatAnswer());
    const started = Date.now();
    const response = await scene.chat({ model });
    expect(response.status).toBe(503);
    expect((await response.json<ErrorAnswer>()).error.code).toBe("service_unavailable");
    expect(Date.now() - started).toBeLessThan(2_000);
    await expectUntouched(scene);
  });

  it("the account is slow: refused in time, and the hold that succeeds too late is released", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({ reserveDelayMs: 900 });
    const response = await scene.chat();
    expect(response.status).toBe(503);
    expect(await scene.providerCalls("a")).toEqual([]);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ kind: "release", record: { status: 503 } });
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });
});

describe("a refusal of the account keeps its meaning", () => {
  it.each([
    ["insufficient_balance", 402, "insufficient_quota"],
    ["budget_exceeded", 402, "insufficient_quota"],
    ["account_frozen", 403, "permission_error"],
    ["invalid_api_key", 401, "authentication_error"],
    ["concurrency_limit_exceeded", 429, "rate_limit_error"],
  ] as const)("%s is %i", async (code, status, type) => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({ reserveError: { code, message: "No." } });
    const response = await scene.chat();
    expect(response.status).toBe(status);
    expect((await response.json<ErrorAnswer>()).error).toMatchObject({ code, type, message: "No." });
    expect(await scene.providerCalls("a")).toEqual([]);
    expect((await scene.accountLog()).endCalls).toEqual([]);
  });

  it("a rate limit says when to come back and what is left", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({
      reserveError: {
        code: "rate_limit_exceeded",
        message: "Too fast.",
        retryAfterSeconds: 7,
        requests: { limit: 10, remaining: 0, resetMs: 7_000 },
      },
    });
    const response = await scene.chat();
    expect(response.status).toBe(429);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "retry-after": "7",
      "x-ratelimit-limit-requests": "10",
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "7s",
    });
    expect(response.headers.has("x-ratelimit-limit-tokens")).toBe(false);
  });

  it("a repeated idempotency key names the first request", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({
      reserveError: { code: "idempotency_in_progress", message: "In flight.", firstRequestId: "first-1" },
    });
    const response = await scene.chat({}, { headers: { "idempotency-key": "abc" } });
    expect(response.status).toBe(409);
    expect((await response.json<ErrorAnswer>()).error.message).toContain("first-1");
    const [reserve] = (await scene.accountLog()).reserves;
    expect(reserve?.idempotency?.keyHash).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("what is reserved", () => {
  it("case 8: is the worst case of the dearest candidate, lowered to what the model can", async () => {
    const scene = new Scene();
    const dear = { id: "dear", base: { input: 10_000_000_000, output: 20_000_000_000 }, tiers: [] };
    await scene.plan([scene.endpoint("a"), scene.endpoint("b", { price: dear, maxOutputTokens: 100 })]);
    await scene.provider("a", chatAnswer());
    const body = JSON.stringify({
      model: scene.model,
      messages: [{ role: "user", content: "Hi" }],
      max_tokens: 10 ** 9,
    });
    await (await scene.request("/v1/chat/completions", body)).text();
    const [reserve] = (await scene.accountLog()).reserves;
    expect(reserve?.holdNanoUsd).toBe(
      Math.max(body.length * 1_000 + 1_000 * 2_000, body.length * 10_000 + 100 * 20_000),
    );
    const [call] = await scene.providerCalls("a");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ max_tokens: 1_000 });
  });

  it("case 8: without max_tokens is the model's limit, and nothing is added to the request", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const body = JSON.stringify({ model: scene.model, messages: [{ role: "user", content: "Hi" }], n: 3 });
    await (await scene.request("/v1/chat/completions", body)).text();
    const [reserve] = (await scene.accountLog()).reserves;
    expect(reserve?.holdNanoUsd).toBe(body.length * 1_000 + 3 * 1_000 * 2_000);
    const [call] = await scene.providerCalls("a");
    expect(Object.keys(JSON.parse(call?.body ?? "") as object)).toEqual(["model", "messages", "n"]);
  });

  it("case 7: is the whole window for a file whose size nobody knows, so that its cost is bounded", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const content = [{ type: "file", file: { file_id: "file-of-any-size" } }];
    await (await scene.chat({ messages: [{ role: "user", content }] })).text();
    const [reserve] = (await scene.accountLog()).reserves;
    expect(reserve?.holdNanoUsd).toBe(100_000 * 1_000 + 1_000 * 2_000);
  });

  it("counts an image by the piece, not by its base64", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const url = `data:image/png;base64,${"A".repeat(300_000)}`;
    const content = [{ type: "image_url", image_url: { url } }];
    await (await scene.chat({ messages: [{ role: "user", content }] })).text();
    const [reserve] = (await scene.accountLog()).reserves;
    expect(reserve?.holdNanoUsd).toBeLessThan(20_000 * 1_000 + 1_000 * 2_000);
  });
});
