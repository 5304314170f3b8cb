import { describe, expect, it } from "vitest";
import {
  anthropicEvent,
  anthropicMessage,
  anthropicStream,
  textBlock,
  thinkingBlock,
  toolBlock,
  toolUse,
} from "./support/anthropic-wire.ts";
import { Scene } from "./support/harness.ts";
import { chunksOf } from "./support/chunks.ts";

const PRICE = 96_000;
const user = (content: unknown) => ({ role: "user", content });

describe("a chat request at Anthropic", () => {
  it("carries system, turns, parallel calls and their results in its shape", async () => {
    const scene = await Scene.withVendor("anthropic", anthropicMessage([{ type: "text", text: "Sunny." }]));
    const call = (id: string, city: string) => ({
      id,
      type: "function",
      function: { name: "weather", arguments: JSON.stringify({ city }) },
    });
    const response = await scene.chat({
      max_tokens: 100,
      temperature: 1.5,
      stop: ["END"],
      user: "u-1",
      parallel_tool_calls: false,
      tool_choice: { type: "function", function: { name: "weather" } },
      tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" }, strict: true } }],
      messages: [
        { role: "system", content: "Be brief." },
        user("Weather in Rome and Oslo?"),
        { role: "assistant", content: null, tool_calls: [call("t1", "Rome"), call("t2", "Oslo")] },
        { role: "tool", tool_call_id: "t1", content: "20" },
        { role: "tool", tool_call_id: "t2", content: [{ type: "text", text: "5" }] },
        user("And?"),
      ],
    });
    expect(response.status).toBe(200);
    expect(await scene.sent()).toEqual({
      model: "upstream-a",
      max_tokens: 100,
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        { role: "user", content: [{ type: "text", text: "Weather in Rome and Oslo?" }] },
        {
          role: "assistant",
          content: [toolUse("t1", "weather", { city: "Rome" }), toolUse("t2", "weather", { city: "Oslo" })],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "t1", content: "20" },
            { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "5" }] },
            { type: "text", text: "And?" },
          ],
        },
      ],
      tools: [{ name: "weather", input_schema: { type: "object" }, strict: true }],
      tool_choice: { type: "tool", name: "weather", disable_parallel_tool_use: true },
      stop_sequences: ["END"],
      temperature: 1,
      metadata: { user_id: "u-1" },
    });
    const [sent] = await scene.providerCalls("a");
    expect(sent?.path).toBe("/v1/messages");
    expect(sent?.headers).toMatchObject({ "x-api-key": "sk-secret-of-a", "anthropic-version": "2023-06-01" });
    expect(sent?.headers["authorization"]).toBeUndefined();
  });

  it("carries pictures, PDFs, cache marks and a JSON schema", async () => {
    const scene = await Scene.withVendor("anthropic", anthropicMessage([{ type: "text", text: "{}" }]));
    const mark = { cache_control: { type: "ephemeral", ttl: "1h" } };
    const schema = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };
    await scene.chat({
      response_format: { type: "json_schema", json_schema: { name: "x", schema, strict: true } },
      messages: [
        { role: "system", content: [{ type: "text", text: "Long text", ...mark }] },
        user([
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "data:image/jpeg;base64,AAAA" } },
          { type: "image_url", image_url: { url: "https://example.com/a.png" }, ...mark },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" } },
        ]),
      ],
    });
    expect(await scene.sent()).toMatchObject({
      system: [{ type: "text", text: "Long text", ...mark }],
      output_config: { format: { type: "json_schema", schema } },
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "image", source: { type: "base64", media_type: "image/jpeg", data: "AAAA" } },
            { type: "image", source: { type: "url", url: "https://example.com/a.png" }, ...mark },
            {
              type: "document",
              title: "a.pdf",
              source: { type: "base64", media_type: "application/pdf", data: "BBBB" },
            },
          ],
        },
      ],
    });
  });

  it("is answered in OpenAI's shape and billed by every class that Anthropic reports", async () => {
    const scene = await Scene.withVendor(
      "anthropic",
      anthropicMessage(
        [
          { type: "thinking", thinking: "Hm.", signature: "SIG" },
          { type: "redacted_thinking", data: "ENC" },
          { type: "text", text: "I ask." },
          toolUse("toolu_1", "weather", { city: "Rome" }),
          toolUse("toolu_2", "weather", {}),
        ],
        { stop_reason: "tool_use" },
      ),
    );
    const response = await scene.chat();
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      model: scene.model,
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: "I ask.",
            reasoning_content: "Hm.",
            reasoning_details: [
              { type: "reasoning.text", text: "Hm.", signature: "SIG", format: "anthropic-claude-v1" },
              { type: "reasoning.encrypted", data: "ENC", format: "anthropic-claude-v1" },
            ],
            tool_calls: [
              { id: "toolu_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
              { id: "toolu_2", type: "function", function: { name: "weather", arguments: "{}" } },
            ],
          },
        },
      ],
      usage: {
        prompt_tokens: 82,
        completion_tokens: 25,
        total_tokens: 107,
        prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 5 },
        cost_nano_usd: PRICE,
      },
    });
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: PRICE,
      usageQuality: "reported",
      record: {
        usage: { input: 12, cached_input: 40, cache_write_5m: 20, cache_write_1h: 10, output: 20, reasoning: 5 },
      },
    });
  });

  it("gives thoughts back with their signatures, first in their turn, and leaves those of other vendors out", async () => {
    const scene = await Scene.withVendor("anthropic", anthropicMessage([{ type: "text", text: "ok" }]));
    await scene.chat({
      messages: [
        user("a"),
        {
          role: "assistant",
          content: "b",
          reasoning_details: [
            { type: "reasoning.text", text: "Hm.", signature: "SIG", format: "anthropic-claude-v1", index: 0 },
            { type: "reasoning.encrypted", data: "ENC", format: "anthropic-claude-v1", index: 1 },
            { type: "reasoning.encrypted", data: "GEM", format: "google-gemini-v1", index: 2 },
          ],
        },
        user("c"),
      ],
    });
    const { messages } = (await scene.sent()) as { messages: { content: unknown }[] };
    expect(messages[1]?.content).toEqual([
      { type: "thinking", thinking: "Hm.", signature: "SIG" },
      { type: "redacted_thinking", data: "ENC" },
      { type: "text", text: "b" },
    ]);
  });

  it.each<[model: string, expected: Record<string, unknown>]>([
    ["claude-3-7-sonnet-20250219", { thinking: { type: "enabled", budget_tokens: 5_000 } }],
    ["claude-opus-4-1-20250805", { thinking: { type: "enabled", budget_tokens: 5_000 } }],
    ["claude-sonnet-4-20250514", { thinking: { type: "enabled", budget_tokens: 5_000 } }],
    ["claude-opus-4-6", { thinking: { type: "adaptive" }, output_config: { effort: "medium" } }],
    ["claude-sonnet-5", { thinking: { type: "adaptive" }, output_config: { effort: "medium" } }],
  ])("asks %s to think in the way that it takes", async (upstreamModel, expected) => {
    const scene = new Scene();
    await scene.plan([scene.vendor("a", "anthropic", { upstreamModel, maxOutputTokens: 10_000 })]);
    await scene.provider("a", anthropicMessage([{ type: "text", text: "ok" }]));
    await scene.chat({ reasoning_effort: "medium", temperature: 0.5 });
    const sent = await scene.sent();
    expect(sent).toMatchObject(expected);
    expect(sent).not.toHaveProperty("temperature");
  });

  it.each([
    ["max_tokens", "length"],
    ["stop_sequence", "stop"],
    ["refusal", "content_filter"],
    ["model_context_window_exceeded", "length"],
    ["something_new", "stop"],
  ])("that stops by %s ends with %s", async (stop_reason, finish) => {
    const scene = await Scene.withVendor("anthropic", anthropicMessage([{ type: "text", text: "x" }], { stop_reason }));
    expect(await (await scene.chat()).json()).toMatchObject({ choices: [{ finish_reason: finish }] });
  });

  it("that is refused says why", async () => {
    const details = { type: "refusal", category: null, explanation: "Not that." };
    const scene = await Scene.withVendor(
      "anthropic",
      anthropicMessage([], { stop_reason: "refusal", stop_details: details }),
    );
    expect(await (await scene.chat()).json()).toMatchObject({ choices: [{ message: { refusal: "Not that." } }] });
  });

  it.each<[param: string, body: Record<string, unknown>]>([
    ["n", { n: 2 }],
    ["logprobs", { logprobs: true }],
    ["modalities", { modalities: ["text", "audio"] }],
  ])("with %s goes to an endpoint that can; none can: 400 naming it, nothing held", async (param, body) => {
    const scene = new Scene();
    await scene.plan([scene.vendor("a", "anthropic")]);
    const refused = await scene.chat(body);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { param } });
    expect((await scene.accountLog()).reserves).toEqual([]);
    const other = new Scene();
    await other.plan([other.vendor("a", "anthropic"), other.endpoint("b")]);
    await other.provider("b", { chunks: ['{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}'] });
    expect((await other.chat(body)).headers.get("x-aggregator-provider")).toBe("b");
  });
});

describe("a streamed chat at Anthropic", () => {
  it("gives thoughts, text and parallel calls as chunks, and its exact price", async () => {
    const scene = await Scene.withVendor(
      "anthropic",
      anthropicStream(
        [
          ...thinkingBlock(0, ["Let ", "me see."], "SIG"),
          ...textBlock(["Hel", "lo"], 1),
          ...toolBlock(2, "toolu_1", "weather", ['{"city":', '"Rome"}']),
          ...toolBlock(3, "toolu_2", "time", ["{}"]),
        ],
        "tool_use",
      ),
    );
    const response = await scene.chat({ stream: true, stream_options: { include_usage: true } });
    const { message, finish, usage, roles } = chunksOf(await response.text());
    expect(message).toEqual({
      content: "Hello",
      reasoning: "Let me see.",
      signature: "SIG",
      calls: [
        { id: "toolu_1", name: "weather", arguments: '{"city":"Rome"}' },
        { id: "toolu_2", name: "time", arguments: "{}" },
      ],
    });
    expect(roles).toBe(1);
    expect(finish).toBe("tool_calls");
    expect(usage).toMatchObject({ prompt_tokens: 82, completion_tokens: 25, cost_nano_usd: PRICE });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: PRICE, usageQuality: "reported" });
  });

  it("that is refused midway says why and ends as content_filter", async () => {
    const details = { stop_details: { type: "refusal", category: "bio", explanation: "Not that." } };
    const scene = await Scene.withVendor("anthropic", anthropicStream(textBlock(["Well"]), "refusal", details));
    const text = await (await scene.chat({ stream: true })).text();
    expect(text).toContain('"refusal":"Not that."');
    expect(chunksOf(text).finish).toBe("content_filter");
  });

  it("fails over for an error event before content; after content the client sees an error, never a clean end", async () => {
    const overloaded = anthropicEvent("error", { error: { type: "overloaded_error", message: "Overloaded" } });
    const early = new Scene();
    await early.plan([early.vendor("a", "anthropic"), early.vendor("b", "anthropic")]);
    await early.provider("a", { headers: { "content-type": "text/event-stream" }, chunks: [overloaded] });
    await early.provider("b", anthropicStream(textBlock(["from b"])));
    expect(chunksOf(await (await early.chat({ stream: true })).text()).message.content).toBe("from b");

    const late = await Scene.withVendor("anthropic", {
      headers: { "content-type": "text/event-stream" },
      chunks: [...(anthropicStream(textBlock(["part"])).chunks ?? []).slice(0, 4), overloaded],
    });
    const text = await (await late.chat({ stream: true })).text();
    expect(text).toContain('"code":"upstream_error"');
    expect(text).not.toContain("[DONE]");
    // The start told the input; only the output is estimated.
    expect((await late.endings())[0]).toMatchObject({
      kind: "settle",
      usageQuality: "estimated",
      priceNanoUsd: 48_000,
    });
  });
});
