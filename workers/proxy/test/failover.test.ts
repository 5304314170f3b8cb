import { describe, expect, it } from "vitest";
import type { ProviderScript } from "./provider/script.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, data, doneFrame, roleChunk, wholeStream } from "./support/wire.ts";

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string; readonly param: string | null };
}

async function withTwo(first: readonly ProviderScript[], second: readonly ProviderScript[]): Promise<Scene> {
  const scene = new Scene();
  await scene.plan([scene.endpoint("a"), scene.endpoint("b")]);
  await scene.provider("a", ...first);
  await scene.provider("b", ...second);
  return scene;
}

const html = { "content-type": "text/html" };

describe("case 27, case 28, case 32, case 36: a provider that fails is not noticed while another can answer", () => {
  it.each<[name: string, script: ProviderScript, outcome: string, loses: boolean]>([
    ["500", { status: 500 }, "server_error", false],
    ["502", { status: 502 }, "server_error", false],
    ["503", { status: 503 }, "server_error", false],
    ["504", { status: 504 }, "server_error", false],
    ["529", { status: 529 }, "server_error", false],
    ["429", { status: 429 }, "rate_limited", false],
    ["401 on our credential", { status: 401 }, "credential_rejected", false],
    ["402: the platform's account there is empty", { status: 402 }, "out_of_credit", false],
    ["no headers in time", { hang: true }, "first_byte_timeout", true],
    [
      "a redirect to another origin",
      { status: 302, headers: { location: "https://evil.example/" } },
      "redirected",
      false,
    ],
    [
      "a redirect to the metadata address",
      { status: 307, headers: { location: "http://169.254.169.254/" } },
      "redirected",
      false,
    ],
    ["HTML with status 200", { headers: html, chunks: ["<html>"] }, "malformed_answer", true],
    ["an empty 200", { chunks: [] }, "malformed_answer", true],
    ["broken JSON", { chunks: ['{"choices":['] }, "malformed_answer", true],
    ["an answer over the limit", { chunks: ["x".repeat(65_536)], repeat: 20 }, "too_large", true],
    ["an answer cut short", { chunks: ['{"choices":'], cut: true }, "cut_stream", true],
  ])("%s", async (_, script, outcome, loses) => {
    const scene = await withTwo([script], [chatAnswer()]);
    const response = await scene.chat();
    expect(response.status).toBe(200);
    expect(response.headers.get("x-aggregator-provider")).toBe("b");
    expect(response.headers.get("x-aggregator-attempts")).toBe("2");
    const endings = await scene.endings();
    expect(endings).toHaveLength(1);
    expect(endings[0]).toMatchObject({ kind: "settle", priceNanoUsd: 20_000 });
    const [failed, served] = endings[0]?.record.attempts ?? [];
    expect(failed).toMatchObject({ provider: "a", outcome });
    expect((failed?.lossNanoUsd ?? 0) > 0).toBe(loses);
    expect(served).toMatchObject({ provider: "b", outcome: "success", lossNanoUsd: 0 });
  });

  it.each<[name: string, script: ProviderScript, outcome: string]>([
    ["an error frame first", chatStream([data({ error: { message: "overloaded", code: 529 } })]), "error_frame"],
    ["an error frame after the role", chatStream([roleChunk, data({ error: { message: "x" } })]), "error_frame"],
    ["an empty stream", chatStream([]), "empty_stream"],
    ["only the end mark", chatStream([doneFrame]), "empty_stream"],
    ["cut before content", chatStream([roleChunk], { cut: true }), "cut_stream"],
    ["silence after the role", chatStream([roleChunk], { stall: true }), "idle_timeout"],
    ["a malformed frame", chatStream(["data: <html>\n\n"]), "malformed_answer"],
    ["JSON instead of a stream", chatAnswer(), "malformed_answer"],
  ])("case 31, case 32: before the first content of a stream: %s", async (_, script, outcome) => {
    const scene = await withTwo([script], [chatStream(wholeStream(["from b"]))]);
    const response = await scene.chat({ stream: true });
    const text = await response.text();
    expect(text).toContain("from b");
    expect(text.match(/"role"/g)).toHaveLength(1);
    const [ending] = await scene.endings();
    expect(ending?.record.attempts.map((attempt) => attempt.outcome)).toEqual([outcome, "success"]);
    expect(ending).toMatchObject({ kind: "settle", priceNanoUsd: 20_000 });
  });
});

describe("one provider", () => {
  it("case 27: that recovers is asked again, at most three times, and charged once", async () => {
    const scene = await Scene.withOne({ status: 500 }, { status: 503 }, chatAnswer());
    const response = await scene.chat();
    expect(response.status).toBe(200);
    expect(await scene.providerCalls("a")).toHaveLength(3);
    expect(await scene.endings()).toHaveLength(1);
  });

  it("case 32: that does not recover gives 502 without its body, and the hold is released", async () => {
    const scene = await Scene.withOne({ status: 500, chunks: ["secret stack trace sk-secret-of-a"] });
    const response = await scene.chat();
    expect(response.status).toBe(502);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code: "upstream_error", type: "api_error" } });
    expect(text).not.toContain("secret");
    expect(await scene.providerCalls("a")).toHaveLength(3);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ kind: "release", record: { status: 502, errorCode: "upstream_error" } });
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });

  it("case 28: that never sends headers is 504 within the deadline, the hold released", async () => {
    const scene = await Scene.withOne({ hang: true });
    const started = Date.now();
    const response = await scene.chat();
    expect(response.status).toBe(504);
    expect((await response.json<ErrorAnswer>()).error.code).toBe("upstream_timeout");
    expect(Date.now() - started).toBeLessThan(2_000);
    expect((await scene.endings())[0]).toMatchObject({ kind: "release" });
  });

  it("that does not listen is 502", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a", { baseUrl: "http://127.0.0.1:9/v1" })]);
    const response = await scene.chat();
    expect(response.status).toBe(502);
    const [ending] = await scene.endings();
    expect(ending?.record.attempts[0]).toMatchObject({ outcome: "connect_failed", status: null, lossNanoUsd: 0 });
  });
});

describe("case 26: 429 with Retry-After", () => {
  it("in seconds is waited for when it is short", async () => {
    const scene = await Scene.withOne({ status: 429, headers: { "retry-after": "1" } }, chatAnswer());
    const started = Date.now();
    expect((await scene.chat()).status).toBe(200);
    expect(Date.now() - started).toBeGreaterThanOrEqual(950);
  });

  it.each([
    ["10⁹ seconds", "1000000000", 3_600],
    ["a date far away", "Fri, 01 Jan 2100 00:00:00 GMT", 3_600],
  ])("%s is not waited for: 429 at once with a bounded retry-after", async (_, retryAfter, expected) => {
    const scene = await Scene.withOne({ status: 429, headers: { "retry-after": retryAfter } });
    const started = Date.now();
    const response = await scene.chat();
    expect(response.status).toBe(429);
    expect((await response.json<ErrorAnswer>()).error.code).toBe("upstream_rate_limited");
    expect(Number(response.headers.get("retry-after"))).toBe(expected);
    expect(Date.now() - started).toBeLessThan(900);
    expect(await scene.providerCalls("a")).toHaveLength(1);
  });

  it.each(["-5", "soon", ""])("of garbage (%j) is a short pause", async (retryAfter) => {
    const scene = await Scene.withOne({ status: 429, headers: { "retry-after": retryAfter } }, chatAnswer());
    expect((await scene.chat()).status).toBe(200);
    expect(await scene.endings()).toHaveLength(1);
  });
});

describe("what the client caused is not retried and keeps its status", () => {
  it.each([400, 404, 413, 422])("%i", async (status) => {
    const error = {
      message: "bad field with key sk-secret-of-a",
      code: "bad_field",
      param: "temperature",
      hidden: "x",
    };
    const scene = await withTwo([{ status, chunks: [JSON.stringify({ error, debug: "internal" })] }], [chatAnswer()]);
    const response = await scene.chat();
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      error: { message: "bad field with key [masked]", code: "bad_field", param: "temperature" },
    });
    expect(text).not.toMatch(/internal|hidden|sk-secret/);
    expect(await scene.providerCalls("b")).toEqual([]);
    expect((await scene.endings())[0]).toMatchObject({ kind: "release", record: { status } });
  });

  it("at most 1,000 characters of the message are shown", async () => {
    const error = { message: "word ".repeat(1_000) };
    const scene = await Scene.withOne({ status: 400, chunks: [JSON.stringify({ error })] });
    const body = await (await scene.chat()).json<ErrorAnswer>();
    expect(body.error.message).toHaveLength(1_000);
  });
});

it("without fallbacks allowed only the first endpoint is tried", async () => {
  const scene = new Scene();
  await scene.plan([scene.endpoint("a"), scene.endpoint("b")], { allowFallbacks: false });
  await scene.provider("a", { status: 401 });
  await scene.provider("b", chatAnswer());
  expect((await scene.chat()).status).toBe(502);
  expect(await scene.providerCalls("b")).toEqual([]);
});

describe("case 36: headers", () => {
  it("of the client do not reach the provider, but the credential and the body do", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.chat(
      { seed: 7, provider: { order: ["a"] }, models: ["other"], future_field: { x: 1 } },
      {
        headers: {
          cookie: "session=1",
          "x-forwarded-for": "10.0.0.1",
          "proxy-authorization": "Basic x",
          "x-api-key": "k",
        },
      },
    );
    const [call] = await scene.providerCalls("a");
    expect(call?.path).toBe("/v1/chat/completions");
    expect(call?.headers).toMatchObject({ authorization: "Bearer sk-secret-of-a", "content-type": "application/json" });
    expect(Object.keys(call?.headers ?? {})).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(cookie|x-forwarded-for|proxy-authorization|x-api-key|x-aggregator.*)$/),
      ]),
    );
    const sent = JSON.parse(call?.body ?? "") as Record<string, unknown>;
    expect(sent).toMatchObject({ model: "upstream-a", seed: 7, future_field: { x: 1 } });
    expect(sent).not.toHaveProperty("provider");
    expect(sent).not.toHaveProperty("models");
  });

  it("of the provider do not reach the client", async () => {
    const headers = { "set-cookie": "a=1", server: "x", "x-api-key": "leak", location: "https://evil.example" };
    const scene = await Scene.withOne({ ...chatAnswer(), headers });
    const response = await scene.chat();
    for (const name of Object.keys(headers)) expect(response.headers.has(name)).toBe(false);
  });
});

describe("an attempt that failed and may have been billed", () => {
  const broken: ProviderScript = { chunks: ['{"choices":['] };

  it("is the platform's loss on the request's record at the prompt's cost, and not the company's", async () => {
    const scene = await withTwo([broken], [chatAnswer()]);
    await scene.account({ markupBps: 1_000 });
    expect((await scene.chat()).status).toBe(200);
    const [ending] = await scene.endings();
    const losses = ending?.record.attempts.map(({ provider, lossNanoUsd }) => [provider, lossNanoUsd]);
    const loss = ending?.record.attempts[0]?.lossNanoUsd ?? 0;
    expect(loss % 1_000).toBe(0);
    expect(losses).toEqual([
      ["a", loss],
      ["b", 0],
    ]);
    expect(loss).toBeGreaterThan(0);
    expect(ending).toMatchObject({ kind: "settle", costNanoUsd: 20_000, priceNanoUsd: 22_000 });
  });

  it("costs the company nothing when no other could serve", async () => {
    const scene = await Scene.withOne(broken);
    expect((await scene.chat()).status).toBe(502);
    const [ending] = await scene.endings();
    expect(ending?.kind).toBe("release");
    expect(ending?.record.attempts[0]?.lossNanoUsd).toBeGreaterThan(0);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });
});
