import { DATA_PLANE_ANSWER_HEADERS, DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { beforeEach, describe, expect, it } from "vitest";
import { keyPrincipal, memberPrincipal, newKey } from "./support/builders.ts";
import { answers, auth, countOf, proxied, proxy } from "./support/doubles.ts";
import { chat, refusal, send } from "./support/http.ts";
import { anyString } from "./support/matchers.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

beforeEach(async () => {
  await auth.script({ authenticate: answers(keyPrincipal()) });
  await proxy.script({ fetch: { status: 200, body: '{"id":"x"}', headers: { "content-type": "application/json" } } });
});

describe("an inference request", () => {
  it("reaches the proxy with its body untouched and the context that the gateway vouches for", async () => {
    const body = '{ "model":"m",  "x": 1e3 }';
    const response = await chat(newKey(), { body });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"id":"x"}');
    const seen = await proxied();
    expect(new URL(seen.url).pathname).toBe("/v1/chat/completions");
    expect(seen.method).toBe("POST");
    expect(seen.body).toBe(body);
    expect(seen.headers["x-aggregator-request-id"]).toMatch(UUID_V7);
    expect(seen.headers["x-aggregator-principal"]).toBe(JSON.stringify(keyPrincipal()));
    expect(Math.abs(Number(seen.headers["x-aggregator-received-at"]) - Date.now())).toBeLessThan(5_000);
  });

  it("a refusal of the gateway's own carries what the proxy gives its answers", async () => {
    const response = await chat(newKey(), {
      headers: { "x-client-request-id": "job:7", "content-type": "text/plain" },
    });
    expect(response.status).toBe(415);
    expect(response.headers.get("x-request-id")).toMatch(UUID_V7);
    expect(response.headers.get("x-client-request-id")).toBe("job:7");
    for (const [name, value] of Object.entries(DATA_PLANE_ANSWER_HEADERS))
      expect(response.headers.get(name)).toBe(value);
  });

  it.each(DATA_PLANE_ENDPOINTS)("is dispatched on %s", async (endpoint) => {
    const form = endpoint === "/v1/audio/transcriptions";
    const response = await send(`${endpoint}?ignored=1`, {
      method: "POST",
      headers: {
        "x-api-key": newKey(),
        "content-type": form ? "multipart/form-data; boundary=b" : "application/json; charset=utf-8",
      },
      body: form ? "--b--" : "{}",
    });
    expect(response.status).toBe(200);
    expect((await proxied()).url).toBe(`https://proxy${endpoint}`);
  });

  it("passes on no credential, no cookie and nothing a client sends under the names of our context", async () => {
    await chat(newKey(), {
      headers: {
        cookie: "session=1",
        "x-aggregator-principal": '{"actor":{"platformAdmin":true}}',
        "x-aggregator-request-id": "mine",
        "x-aggregator-received-at": "1",
        "x-forwarded-for": "10.0.0.1",
        "proxy-authorization": "Basic x",
        connection: "x-secret",
        "x-secret": "1",
        "openai-organization": "org",
        "x-stainless-lang": "js",
        "idempotency-key": "retry-1",
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "b1",
        "x-aggregator-tags": "eu,batch",
      },
    });
    const { headers } = await proxied();
    expect(headers["x-aggregator-principal"]).toBe(JSON.stringify(keyPrincipal()));
    expect(headers["x-aggregator-request-id"]).toMatch(UUID_V7);
    expect(Number(headers["x-aggregator-received-at"])).toBeGreaterThan(1e12);
    expect(headers).toMatchObject({
      "idempotency-key": "retry-1",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "b1",
      "x-aggregator-tags": "eu,batch",
    });
    const allowed =
      "content-type content-length idempotency-key anthropic-version anthropic-beta x-aggregator-tags traceparent " +
      "x-aggregator-principal x-aggregator-request-id x-aggregator-received-at";
    expect(Object.keys(headers).filter((name) => !allowed.split(" ").includes(name))).toEqual([]);
  });

  it("keeps a well-formed traceparent and makes one otherwise", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await chat(newKey(), { headers: { traceparent } });
    expect((await proxied()).headers.traceparent).toBe(traceparent);
    await proxy.script({});
    await chat(newKey(), { headers: { traceparent: "00-zz-zz-01" } });
    expect((await proxied()).headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it("hands the proxy's answer on untouched: status, headers and body", async () => {
    await proxy.script({
      fetch: {
        status: 429,
        body: "{}",
        headers: { "retry-after": "3", "x-ratelimit-limit-requests": "1", "cache-control": "private, no-store" },
      },
    });
    const response = await chat(newKey(), {
      headers: { "x-client-request-id": "job:7.a_b-C", origin: "https://evil.example" },
    });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    expect(response.headers.get("x-ratelimit-limit-requests")).toBe("1");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect((await proxied()).headers["x-client-request-id"]).toBe("job:7.a_b-C");
  });

  it("is answered chunk by chunk, as the proxy streams", async () => {
    const stepMs = 300;
    await proxy.script({ fetch: { status: 200, chunks: ["data: 1\n\n", "data: 2\n\n"], stepMs } });
    const startedAt = Date.now();
    const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = (await chat(newKey())).body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toBe("data: 1\n\n");
    expect(Date.now() - startedAt).toBeLessThan(stepMs);
    const second = await reader?.read();
    expect(new TextDecoder().decode(second?.value)).toBe("data: 2\n\n");
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(stepMs - 20);
    await reader?.cancel();
  });
});

describe("an inference request is refused", () => {
  it.each([["bad id!"], ["x".repeat(129)], ["a b"]])("when x-client-request-id is %j", async (id) => {
    const response = await chat(newKey(), { headers: { "x-client-request-id": id } });
    expect(response.headers.get("x-client-request-id")).toBeNull();
    expect(await refusal(response)).toEqual({ status: 400, code: "invalid_request", param: "x-client-request-id" });
    expect(await countOf(proxy, "fetch")).toBe(0);
  });

  it("when it is larger than the limit and says so", async () => {
    const response = await chat(newKey(), { body: "x".repeat(10_001) });
    expect(await refusal(response)).toEqual({ status: 413, code: "request_too_large", param: null });
    expect(await countOf(proxy, "fetch")).toBe(0);
  });

  it("when it turns out larger than the limit while it is read", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(4_000)),
    });
    const response = await chat(newKey(), { body: endless });
    expect(await refusal(response)).toEqual({ status: 413, code: "request_too_large", param: null });
  });

  it("but not when a body without a length is exactly as large as allowed", async () => {
    const body = new Response("y".repeat(10_000)).body;
    if (body === null) throw new Error("no body");
    const chunks = body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>());
    expect((await chat(newKey(), { body: chunks })).status).toBe(200);
    expect((await proxied()).body).toHaveLength(10_000);
  });

  it("when both a length and chunks are declared", async () => {
    const response = await chat(newKey(), {
      headers: { "transfer-encoding": "chunked", "content-length": "5" },
      body: "12345",
    });
    expect(await refusal(response)).toMatchObject({ status: 400, param: "content-length" });
  });

  it.each([
    ["/v1/chat/completions", "text/plain"],
    ["/v1/chat/completions", "multipart/form-data; boundary=b"],
    ["/v1/audio/transcriptions", "application/json"],
  ])("on %s when its type is %s", async (path, type) => {
    const response = await send(path, {
      method: "POST",
      headers: { "x-api-key": newKey(), "content-type": type },
      body: "{}",
    });
    expect(await refusal(response)).toEqual({ status: 415, code: "unsupported_media_type", param: "content-type" });
    expect(await countOf(proxy, "fetch")).toBe(0);
  });

  it("when it is compressed", async () => {
    const response = await chat(newKey(), { headers: { "content-encoding": "gzip" } });
    expect(await refusal(response)).toEqual({ status: 415, code: "unsupported_media_type", param: "content-encoding" });
  });

  it("when it comes with an access token", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()) });
    expect(await refusal(await chat("eyJ.token"))).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(await countOf(proxy, "fetch")).toBe(0);
  });

  it("with 503 when the proxy is down, and nothing of the failure is shown", async () => {
    await proxy.script({ fetch: { status: 200, fail: "secret-detail" } });
    const response = await chat(newKey());
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    const text = await response.text();
    expect(text).toContain("service_unavailable");
    expect(text).not.toContain("secret-detail");
  });

  it("in Anthropic's shape on /v1/messages", async () => {
    const response = await send("/v1/messages", { method: "POST", body: "{}" });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      type: "error",
      error: { type: "authentication_error", message: anyString },
      request_id: response.headers.get("x-request-id"),
    });
  });
});
