import { describe, expect, it } from "vitest";
import type { ProviderScript } from "./provider/script.ts";
import { chunksOf } from "./support/chunks.ts";
import { Scene } from "./support/harness.ts";
import { data } from "./support/wire.ts";

/** Payloads as Google's API sends them; https://ai.google.dev/api/generate-content */
const usageMetadata = {
  promptTokenCount: 100,
  cachedContentTokenCount: 40,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 30,
  totalTokenCount: 150,
  promptTokensDetails: [
    { modality: "TEXT", tokenCount: 80 },
    { modality: "AUDIO", tokenCount: 20 },
  ],
  cacheTokensDetails: [
    { modality: "TEXT", tokenCount: 30 },
    { modality: "AUDIO", tokenCount: 10 },
  ],
};
/** 50 × 1 + 30 × 0.1 + 10 × 1 (cached audio as audio) + 10 × 1 + 50 × 2 USD per million; text without audio: 100−20−30. */
const PRICE = 50_000 + 3_000 + 10_000 + 10_000 + 100_000;

const answerOf = (parts: readonly unknown[], more: object = {}, finishReason: string | null = "STOP") => ({
  candidates: [{ content: { role: "model", parts }, ...(finishReason === null ? {} : { finishReason }), index: 0 }],
  usageMetadata,
  modelVersion: "gemini-2.5-flash",
  responseId: "r1",
  ...more,
});

const whole = (parts: readonly unknown[], finishReason = "STOP"): ProviderScript => ({
  chunks: [JSON.stringify(answerOf(parts, {}, finishReason), null, 2)],
});

const stream = (...answers: readonly unknown[]): ProviderScript => ({
  headers: { "content-type": "text/event-stream" },
  chunks: answers.map((answer) => data(answer).replaceAll("\n\n", "\r\n\r\n")),
});

const user = (content: unknown) => ({ role: "user", content });

describe("a chat request at Gemini", () => {
  it("carries system, turns, parallel calls and their results in its shape", async () => {
    const scene = await Scene.withVendor("gemini", whole([{ text: "Sunny." }]));
    const call = (id: string, city: string) => ({
      id,
      type: "function",
      function: { name: "weather", arguments: JSON.stringify({ city }) },
    });
    const response = await scene.chat({
      max_completion_tokens: 100,
      temperature: 1.5,
      top_p: 0.9,
      seed: 7,
      stop: "END",
      tool_choice: { type: "function", function: { name: "weather" } },
      tools: [{ type: "function", function: { name: "weather", description: "d", parameters: { type: "object" } } }],
      messages: [
        { role: "developer", content: "Be brief." },
        user("Weather in Rome and Oslo?"),
        { role: "assistant", content: null, tool_calls: [call("t1", "Rome"), call("t2", "Oslo")] },
        { role: "tool", tool_call_id: "t1", content: '{"degrees":20}' },
        { role: "tool", tool_call_id: "t2", content: "cold" },
        user("And?"),
      ],
    });
    expect(response.status).toBe(200);
    expect(await scene.sent()).toEqual({
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Weather in Rome and Oslo?" }] },
        {
          role: "model",
          parts: [
            {
              functionCall: { id: "t1", name: "weather", args: { city: "Rome" } },
              thoughtSignature: "skip_thought_signature_validator",
            },
            { functionCall: { id: "t2", name: "weather", args: { city: "Oslo" } } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { id: "t1", name: "weather", response: { degrees: 20 } } },
            { functionResponse: { id: "t2", name: "weather", response: { result: "cold" } } },
            { text: "And?" },
          ],
        },
      ],
      tools: [
        { functionDeclarations: [{ name: "weather", description: "d", parametersJsonSchema: { type: "object" } }] },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } },
      generationConfig: { maxOutputTokens: 100, temperature: 1.5, topP: 0.9, seed: 7, stopSequences: ["END"] },
    });
    const [sent] = await scene.providerCalls("a");
    expect(sent?.path).toBe("/v1beta/models/upstream-a:generateContent");
    expect(sent?.headers).toMatchObject({ "x-goog-api-key": "sk-secret-of-a" });
  });

  it("carries pictures, PDFs, sound and a JSON schema", async () => {
    const scene = await Scene.withVendor("gemini", whole([{ text: "{}" }]));
    const schema = { type: "object", properties: { a: { type: "string" } } };
    await scene.chat({
      response_format: { type: "json_schema", json_schema: { name: "x", schema } },
      messages: [
        user([
          { type: "text", text: "Look" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          { type: "image_url", image_url: { url: "https://example.com/a.webp?x=1" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,BBBB" } },
          { type: "input_audio", input_audio: { data: "CCCC", format: "mp3" } },
        ]),
      ],
    });
    expect(await scene.sent()).toMatchObject({
      contents: [
        {
          parts: [
            { text: "Look" },
            { inlineData: { mimeType: "image/png", data: "AAAA" } },
            { fileData: { mimeType: "image/webp", fileUri: "https://example.com/a.webp?x=1" } },
            { inlineData: { mimeType: "application/pdf", data: "BBBB" } },
            { inlineData: { mimeType: "audio/mp3", data: "CCCC" } },
          ],
        },
      ],
      generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema },
    });
  });

  it("is answered in OpenAI's shape and billed by every class that Gemini reports", async () => {
    const scene = await Scene.withVendor(
      "gemini",
      whole([
        { text: "Hm.", thought: true },
        { text: "I ask." },
        { functionCall: { name: "weather", args: { city: "Rome" } }, thoughtSignature: "SIG" },
        { functionCall: { id: "own", name: "time", args: {} } },
      ]),
    );
    const body = await (
      await scene.chat()
    ).json<{
      choices: { message: { tool_calls: { id: string }[]; reasoning_details: { id?: string; data?: string }[] } }[];
    }>();
    expect(body).toMatchObject({
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            content: "I ask.",
            reasoning_content: "Hm.",
            tool_calls: [
              { function: { name: "weather", arguments: '{"city":"Rome"}' } },
              { id: "own", function: { name: "time", arguments: "{}" } },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: 50, cost_nano_usd: PRICE },
    });
    const [message] = body.choices;
    const signed = message?.message.reasoning_details.find((detail) => detail.data === "SIG");
    expect(signed?.id).toBe(message?.message.tool_calls[0]?.id);
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: PRICE,
      usageQuality: "reported",
      record: {
        usage: { input: 50, cached_input: 30, cached_input_audio: 10, input_audio: 10, output: 20, reasoning: 30 },
      },
    });
  });

  it("gives signatures back on the calls that they signed", async () => {
    const scene = await Scene.withVendor("gemini", whole([{ text: "ok" }]));
    const details = [{ type: "reasoning.encrypted", data: "SIG", id: "t1", format: "google-gemini-v1" }];
    await scene.chat({
      messages: [
        user("a"),
        {
          role: "assistant",
          content: null,
          reasoning_details: details,
          tool_calls: [{ id: "t1", type: "function", function: { name: "f", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "t1", content: "x" },
      ],
    });
    const { contents } = (await scene.sent()) as { contents: { parts: unknown[] }[] };
    expect(contents[1]?.parts).toEqual([{ functionCall: { id: "t1", name: "f", args: {} }, thoughtSignature: "SIG" }]);
  });

  it.each<[model: string, effort: string, expected: Record<string, unknown>]>([
    ["gemini-2.5-flash", "medium", { thinkingBudget: 8_192, includeThoughts: true }],
    ["gemini-2.5-flash", "none", { thinkingBudget: 0, includeThoughts: false }],
    ["gemini-2.5-pro", "none", { thinkingBudget: 128, includeThoughts: false }],
    ["gemini-3-pro-preview", "low", { thinkingLevel: "low", includeThoughts: true }],
    ["gemini-3-flash", "none", { thinkingLevel: "minimal", includeThoughts: false }],
  ])("asks %s to think (%s) in the way that it takes", async (upstreamModel, effort, expected) => {
    const scene = new Scene();
    await scene.plan([scene.vendor("a", "gemini", { upstreamModel })]);
    await scene.provider("a", whole([{ text: "ok" }]));
    await scene.chat({ reasoning_effort: effort });
    expect(await scene.sent()).toMatchObject({ generationConfig: { thinkingConfig: expected } });
  });

  it.each([
    ["MAX_TOKENS", "length"],
    ["SAFETY", "content_filter"],
    ["RECITATION", "content_filter"],
    ["MALFORMED_FUNCTION_CALL", "stop"],
  ])("that finishes by %s ends with %s", async (reason, finish) => {
    const scene = await Scene.withVendor("gemini", whole([{ text: "x" }], reason));
    expect(await (await scene.chat()).json()).toMatchObject({ choices: [{ finish_reason: finish }] });
  });

  it("whose prompt was blocked ends as content_filter, billed for its prompt", async () => {
    const answer = {
      promptFeedback: { blockReason: "SAFETY" },
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 },
    };
    const scene = await Scene.withVendor("gemini", { chunks: [JSON.stringify(answer)] });
    expect(await (await scene.chat()).json()).toMatchObject({
      choices: [{ finish_reason: "content_filter" }],
      usage: { prompt_tokens: 10, completion_tokens: 0, cost_nano_usd: 10_000 },
    });
    expect((await scene.endings())[0]).toMatchObject({ usageQuality: "reported" });
  });

  it("with a wrong key of ours is told as 400 there and fails over all the same", async () => {
    const error = { error: { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT" } };
    const scene = new Scene();
    await scene.plan([scene.vendor("a", "gemini"), scene.vendor("b", "gemini")]);
    await scene.provider("a", { status: 400, chunks: [JSON.stringify(error)] });
    await scene.provider("b", whole([{ text: "from b" }]));
    expect((await scene.chat()).headers.get("x-aggregator-provider")).toBe("b");
    expect((await scene.endings())[0]?.record.attempts[0]).toMatchObject({ outcome: "credential_rejected" });
  });

  it("refused as invalid keeps status and message", async () => {
    const error = { error: { code: 400, message: "Bad image.", status: "INVALID_ARGUMENT" } };
    const scene = await Scene.withVendor("gemini", { status: 400, chunks: [JSON.stringify([error])] });
    const response = await scene.chat();
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: "Bad image.", code: "invalid_argument" } });
  });
});

describe("a streamed chat at Gemini", () => {
  it("gives thoughts, text and calls as chunks, usage exact from the last report", async () => {
    const early = { promptTokenCount: 100, totalTokenCount: 100 };
    const scene = await Scene.withVendor(
      "gemini",
      stream(
        answerOf([{ text: "Hm.", thought: true }], { usageMetadata: early }, null),
        answerOf([{ text: "Hel" }], { usageMetadata: early }, null),
        answerOf([{ text: "lo" }], { usageMetadata: early }, null),
        answerOf([
          { functionCall: { id: "c1", name: "f", args: { a: 1 } }, thoughtSignature: "SIG" },
          { functionCall: { id: "c2", name: "g", args: {} } },
        ]),
      ),
    );
    const response = await scene.chat({ stream: true, stream_options: { include_usage: true } });
    const { message, finish, usage, isDone } = chunksOf(await response.text());
    expect(message).toMatchObject({
      content: "Hello",
      reasoning: "Hm.",
      calls: [
        { id: "c1", name: "f", arguments: '{"a":1}' },
        { id: "c2", name: "g", arguments: "{}" },
      ],
    });
    expect([finish, isDone]).toEqual(["tool_calls", true]);
    expect(usage).toMatchObject({ prompt_tokens: 100, completion_tokens: 50, cost_nano_usd: PRICE });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: PRICE, usageQuality: "reported" });
    expect((await scene.providerCalls("a"))[0]?.path).toBe("/v1beta/models/upstream-a:streamGenerateContent?alt=sse");
  });

  it("that ends without a finish reason was cut: an error, never a clean end", async () => {
    const scene = await Scene.withVendor("gemini", stream(answerOf([{ text: "part" }], {}, null)));
    const text = await (await scene.chat({ stream: true })).text();
    expect(text).toContain('"code":"upstream_error"');
    expect(text).not.toContain("[DONE]");
  });

  it("that is stopped for safety midway ends as content_filter", async () => {
    const scene = await Scene.withVendor(
      "gemini",
      stream(answerOf([{ text: "Well" }], {}, null), answerOf([], {}, "SAFETY")),
    );
    expect(chunksOf(await (await scene.chat({ stream: true })).text()).finish).toBe("content_filter");
  });
});

describe("other clients at Gemini", () => {
  it("Anthropic's: a call and its result go round without a signature", async () => {
    const scene = await Scene.withVendor("gemini", whole([{ functionCall: { id: "c1", name: "f", args: { a: 1 } } }]));
    const body = {
      model: scene.model,
      max_tokens: 50,
      tools: [{ name: "f", input_schema: { type: "object" } }],
      messages: [
        user("a"),
        { role: "assistant", content: [{ type: "tool_use", id: "c0", name: "f", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "c0", content: "x" }] },
      ],
    };
    expect(await (await scene.request("/v1/messages", body)).json()).toMatchObject({
      content: [{ type: "tool_use", id: "c1", name: "f", input: { a: 1 } }],
      stop_reason: "tool_use",
    });
    const { contents } = (await scene.sent()) as { contents: { parts: unknown[] }[] };
    expect(contents[2]?.parts).toEqual([{ functionResponse: { id: "c0", name: "f", response: { result: "x" } } }]);
  });

  it("responses are answered in their shape", async () => {
    const scene = await Scene.withVendor("gemini", whole([{ text: "Hi" }]));
    const response = await scene.request("/v1/responses", { model: scene.model, input: "Hello" });
    expect(await response.json()).toMatchObject({
      status: "completed",
      output: [{ type: "message", content: [{ text: "Hi" }] }],
      usage: { cost_nano_usd: PRICE },
    });
  });
});

describe("embeddings at Gemini", () => {
  const answer = {
    embeddings: [{ values: [0.5, -1] }, { values: [1, 2] }],
    usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
  };

  it("are one batch call and billed by their input", async () => {
    const scene = await Scene.withVendor("gemini", { chunks: [JSON.stringify(answer)] });
    const response = await scene.request("/v1/embeddings", { model: scene.model, input: ["a", "b"], dimensions: 2 });
    expect(await response.json()).toMatchObject({
      data: [
        { index: 0, embedding: [0.5, -1] },
        { index: 1, embedding: [1, 2] },
      ],
      usage: { prompt_tokens: 8, cost_nano_usd: 8_000 },
    });
    const request = (text: string) => ({
      model: "models/upstream-a",
      content: { parts: [{ text }] },
      outputDimensionality: 2,
    });
    expect(await scene.sent()).toEqual({ requests: [request("a"), request("b")] });
  });

  it("come as base64 where the client asks for it, as OpenAI's does", async () => {
    const scene = await Scene.withVendor("gemini", { chunks: [JSON.stringify(answer)] });
    const response = await scene.request("/v1/embeddings", {
      model: scene.model,
      input: "a",
      encoding_format: "base64",
    });
    const body = await response.json<{ data: { embedding: string }[] }>();
    const bytes = Uint8Array.from(atob(body.data[0]?.embedding ?? ""), (char) => char.charCodeAt(0));
    expect([...new Float32Array(bytes.buffer)]).toEqual([0.5, -1]);
  });

  it("of tokens are 400: Gemini takes texts", async () => {
    const scene = await Scene.withVendor("gemini", {});
    const response = await scene.request("/v1/embeddings", { model: scene.model, input: [1, 2] });
    expect(await response.json()).toMatchObject({ error: { param: "input" } });
  });
});
