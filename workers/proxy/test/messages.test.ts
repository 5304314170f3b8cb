import { describe, expect, it } from "vitest";
import {
  anthropicEvent,
  anthropicMessage,
  anthropicStream,
  anthropicUsage,
  textBlock,
  toolBlock,
  toolUse,
} from "./support/anthropic-wire.ts";
import { Scene, type CallOptions } from "./support/harness.ts";
import {
  chatAnswer,
  chatStream,
  data,
  doneFrame,
  finishChunk,
  roleChunk,
  usageChunk,
  usageOf,
} from "./support/wire.ts";

const PRICE = 96_000;

const send = (scene: Scene, changes: Record<string, unknown> = {}, init: CallOptions = {}) =>
  scene.request(
    "/v1/messages",
    { model: scene.model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }], ...changes },
    init,
  );

describe("messages at Anthropic", () => {
  it("pass untouched both ways but for model, limit, hints and price", async () => {
    const script = anthropicMessage([{ type: "text", text: "Hi", citations: null }], { container: null });
    const scene = await Scene.withVendor("anthropic", script);
    const text = `{"model":"${scene.model}", "max_tokens":5000,"provider":{"order":["a"]},"messages":[{"role":"user","content":"1e2 \\u00e9"}],"future":{"x":1.0}}`;
    const response = await scene.request("/v1/messages", text, {
      headers: { "anthropic-version": "2024-01-01", "anthropic-beta": "x-2026", cookie: "a=1" },
    });
    const [call] = await scene.providerCalls("a");
    expect(call?.body).toBe(
      '{"model":"upstream-a","max_tokens":1000,"messages":[{"role":"user","content":"1e2 \\u00e9"}],"future":{"x":1.0}}',
    );
    expect(call?.headers).toMatchObject({ "anthropic-version": "2024-01-01", "anthropic-beta": "x-2026" });
    expect(call?.headers["cookie"]).toBeUndefined();
    const sent = JSON.parse(script.chunks?.[0] ?? "") as object;
    expect(await response.json()).toEqual({
      ...sent,
      usage: { ...anthropicUsage, cost_nano_usd: PRICE, cost: "0.000096000" },
    });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: PRICE, record: { finishReason: "end_turn" } });
  });

  it("stream byte for byte but for the price in message_delta", async () => {
    const script = anthropicStream([...textBlock(["He", "llo"]), ...toolBlock(1, "toolu_1", "f", ['{"a":1}'])]);
    const scene = await Scene.withVendor("anthropic", script);
    const text = await (await send(scene, { stream: true })).text();
    const sent = script.chunks?.join("") ?? "";
    const end = sent.indexOf("event: message_delta");
    expect(text.slice(0, end)).toBe(sent.slice(0, end));
    expect(text.slice(end)).toContain(`"cost_nano_usd":${PRICE}`);
    expect(text.endsWith(anthropicEvent("message_stop"))).toBe(true);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: PRICE, usageQuality: "reported" });
  });

  it("that break after content end with an error event of Anthropic's shape", async () => {
    const chunks = (anthropicStream(textBlock(["part"])).chunks ?? []).slice(0, 4);
    const scene = await Scene.withVendor("anthropic", {
      headers: { "content-type": "text/event-stream" },
      chunks,
      cut: true,
    });
    const text = await (await send(scene, { stream: true })).text();
    expect(text).toContain('event: error\ndata: {"type":"error","error":{"type":"api_error"');
    expect(text).not.toContain("message_stop");
  });
});

describe("errors on /v1/messages", () => {
  it.each<[name: string, body: Record<string, unknown>, message: string]>([
    ["max_tokens missing", { max_tokens: undefined }, "max_tokens: is required."],
    [
      "a wrong role",
      { messages: [{ role: "robot", content: "x" }] },
      'messages.0.role: must be "user" or "assistant".',
    ],
    ["system of a wrong type", { system: 5 }, "system: must be a string or an array."],
  ])("%s", async (_, body, message) => {
    const scene = new Scene();
    const response = await send(scene, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message },
      request_id: expect.any(String) as string,
    });
  });

  it("a thread is answered so that Anthropic's client sends the whole conversation instead", async () => {
    const response = await send(new Scene(), { thread: { type: "create" } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: "invalid_request_error", details: { error_code: "thread_unsupported_request" } },
    });
  });

  it.each([
    [404, "not_found_error"],
    [413, "request_too_large"],
    [400, "invalid_request_error"],
  ])("the provider's %i keeps its status and message", async (status, type) => {
    const error = { type: "error", error: { type, message: "Nope sk-secret-of-a" }, request_id: "req_1" };
    const scene = await Scene.withVendor("anthropic", { status, chunks: [JSON.stringify(error)] });
    const response = await send(scene);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: "error", error: { type, message: "Nope [masked]" } });
  });

  it("a tool with a fee of its own is refused on the platform's credential, not on the company's", async () => {
    const tools = [{ type: "web_search_20250305", name: "web_search" }];
    const scene = await Scene.withVendor("anthropic", anthropicMessage([{ type: "text", text: "x" }]));
    const refused = await send(scene, { tools });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { message: expect.stringContaining("tools.0.type") as string },
    });
    expect(await scene.providerCalls("a")).toEqual([]);
    const own = new Scene();
    await own.plan([own.vendor("a", "anthropic", { credential: { id: "c", secret: "own", owner: "company" } })]);
    await own.provider("a", anthropicMessage([{ type: "text", text: "x" }]));
    expect((await send(own, { tools })).status).toBe(200);
  });
});

describe("count_tokens", () => {
  const count = (scene: Scene, changes: Record<string, unknown> = {}) =>
    scene.request("/v1/messages/count_tokens", {
      model: scene.model,
      messages: [{ role: "user", content: "Hello" }],
      ...changes,
    });

  it("passes to Anthropic and costs nothing", async () => {
    const scene = await Scene.withVendor("anthropic", { chunks: ['{"input_tokens": 14}'] });
    expect(await (await count(scene)).json()).toEqual({ input_tokens: 14 });
    expect((await scene.providerCalls("a"))[0]?.path).toBe("/v1/messages/count_tokens");
    expect((await scene.accountLog()).reserves[0]).toMatchObject({ holdNanoUsd: 0, estimatedTokens: 0 });
    expect((await scene.endings())[0]).toMatchObject({ kind: "settle", priceNanoUsd: 0, costNanoUsd: 0 });
  });

  it("is estimated for a provider that cannot count", async () => {
    const scene = await Scene.withOne({ status: 500 });
    const body = await (await count(scene, { system: "x".repeat(400) })).json<{ input_tokens: number }>();
    expect(body.input_tokens).toBeGreaterThan(100);
    expect(await scene.providerCalls("a")).toEqual([]);
    expect((await scene.accountLog()).reserves).toEqual([]);
  });

  it("without messages is 400 in Anthropic's shape", async () => {
    const response = await count(new Scene(), { messages: [] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
  });
});

describe("messages at a provider of the OpenAI wire", () => {
  it("are translated with everything in them", async () => {
    const scene = await Scene.withOne(chatAnswer("ok"));
    await send(scene, {
      system: [{ type: "text", text: "Be brief." }],
      stop_sequences: ["END"],
      temperature: 0.5,
      top_k: 3,
      metadata: { user_id: "u-1" },
      thinking: { type: "enabled", budget_tokens: 2_000 },
      output_config: { format: { type: "json_schema", schema: { type: "object" } } },
      tools: [{ name: "f", description: "d", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } }],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
            {
              type: "document",
              title: "a.pdf",
              source: { type: "base64", media_type: "application/pdf", data: "BBBB" },
            },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm.", signature: "SIG" },
            toolUse("t1", "f", { a: 1 }),
            toolUse("t2", "f", {}),
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "one" },
            { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "two" }] },
            { type: "text", text: "Go on" },
          ],
        },
      ],
    });
    const call = (id: string, text: string) => ({ id, type: "function", function: { name: "f", arguments: text } });
    expect(await scene.sent()).toEqual({
      model: "upstream-a",
      max_tokens: 100,
      temperature: 0.5,
      top_k: 3,
      stop: ["END"],
      user: "u-1",
      reasoning_effort: "low",
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: { type: "object" }, strict: true },
      },
      tools: [{ type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } }],
      tool_choice: "required",
      parallel_tool_calls: false,
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" } },
          ],
        },
        {
          role: "assistant",
          content: null,
          reasoning_content: "Hm.",
          tool_calls: [call("t1", '{"a":1}'), call("t2", "{}")],
        },
        { role: "tool", tool_call_id: "t1", content: "one" },
        { role: "tool", tool_call_id: "t2", content: "two" },
        { role: "user", content: "Go on" },
      ],
    });
  });

  it.each(["openai", "openrouter"] as const)("speak the dialect of %s", async (kind) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a", { kind })]);
    await scene.provider("a", chatAnswer("ok"));
    await send(scene, {
      top_k: 3,
      system: [{ type: "text", text: "s", cache_control: { type: "ephemeral" } }],
      messages: [
        { role: "user", content: "a" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "Hm.", signature: "SIG" },
            { type: "text", text: "b" },
          ],
        },
        { role: "user", content: "c" },
      ],
    });
    const text = JSON.stringify(await scene.sent());
    const isRouter = kind === "openrouter";
    for (const member of ["top_k", "cache_control", "reasoning_details"]) expect(text.includes(member)).toBe(isRouter);
    expect(text.includes("max_completion_tokens")).toBe(!isRouter);
  });

  it("are answered in Anthropic's shape", async () => {
    const message = {
      role: "assistant",
      content: "I ask.",
      reasoning_content: "Hm.",
      tool_calls: [{ id: "call_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    };
    const answer = { id: "c", choices: [{ message, finish_reason: "tool_calls" }], usage: usageOf(10, 5, 4) };
    const scene = await Scene.withOne({ chunks: [JSON.stringify(answer)] });
    const body = await (await send(scene)).json();
    expect(body).toMatchObject({
      id: expect.stringMatching(/^msg_/) as string,
      type: "message",
      role: "assistant",
      model: scene.model,
      content: [
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: "I ask." },
        toolUse("call_1", "f", { a: 1 }),
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 5, cost_nano_usd: 16_400 },
    });
  });

  it.each([
    ["stop", "end_turn"],
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
  ])("that finish by %s stop by %s", async (finish_reason, stop_reason) => {
    const answer = { choices: [{ message: { content: "x" }, finish_reason }], usage: usageOf(1, 1) };
    const scene = await Scene.withOne({ chunks: [JSON.stringify(answer)] });
    expect(await (await send(scene)).json()).toMatchObject({ stop_reason });
  });

  it("stream as Anthropic's events: blocks one after the other, usage and price at the end", async () => {
    const delta = (value: object) => data({ id: "c", choices: [{ index: 0, delta: value, finish_reason: null }] });
    const scene = await Scene.withOne(
      chatStream([
        roleChunk,
        delta({ reasoning_content: "Hm." }),
        delta({ content: "He" }),
        delta({ content: "llo" }),
        delta({ tool_calls: [{ index: 0, id: "call_1", function: { name: "f", arguments: "" } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
        finishChunk.replace('"stop"', '"tool_calls"'),
        usageChunk(usageOf(10, 5)),
        doneFrame,
      ]),
    );
    const text = await (await send(scene, { stream: true })).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? "") as { type: string });
    expect(events.map((event) => event.type)).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "content_block_start",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "content_block_start",
      "content_block_delta",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: "tool_use" },
      usage: { input_tokens: 10, output_tokens: 5, cost_nano_usd: 20_000 },
    });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, usageQuality: "reported" });
  });

  it("keep OpenRouter's signatures of Claude's thoughts", async () => {
    const details = [
      { type: "reasoning.text", text: "Hm.", signature: "SIG", format: "anthropic-claude-v1", index: 0 },
      { type: "reasoning.encrypted", data: "ENC", format: "anthropic-claude-v1", index: 1 },
    ];
    const message = { content: "b", reasoning: "Hm.", reasoning_details: details };
    const answer = { choices: [{ message, finish_reason: "stop" }], usage: usageOf(1, 1) };
    const scene = await Scene.withOne({ chunks: [JSON.stringify(answer)] });
    expect(await (await send(scene)).json()).toMatchObject({
      content: [
        { type: "thinking", thinking: "Hm.", signature: "SIG" },
        { type: "redacted_thinking", data: "ENC" },
        { type: "text", text: "b" },
      ],
    });
  });

  it("with content that has no like there are 400 naming it", async () => {
    const scene = await Scene.withOne(chatAnswer("ok"));
    const response = await send(scene, { messages: [{ role: "user", content: [{ type: "container_upload" }] }] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: "error",
      error: { message: expect.stringContaining("messages.0.content.0.type") as string },
    });
  });
});
