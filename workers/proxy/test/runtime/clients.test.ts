import { type Anthropic, InternalServerError as AnthropicServerError } from "@anthropic-ai/sdk";
import { InternalServerError as OpenAiServerError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usageOf } from "../support/wire.ts";
import { PAYLOADS } from "./payloads.ts";
import { Rig } from "./rig.ts";

const rig = new Rig();
beforeAll(() => rig.start(), 60_000);
afterAll(() => rig.stop());

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CITY = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};

describe.each(PAYLOADS)("openai's own client at $kind", (payloads) => {
  const company = async () => rig.company([payloads.kind]);

  it("chat with a picture", async () => {
    const one = await company();
    await one.provider("a", payloads.text("A pixel."));
    const answer = await one.openai.chat.completions.create({
      model: "model",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
    });
    expect(answer.choices[0]?.message.content).toBe("A pixel.");
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage?.completion_tokens).toBeGreaterThan(0);
    expect((await one.calls())[0]?.body).toContain(PIXEL);
    expect((await one.endings())[0]).toMatchObject({ kind: "settle", usageQuality: "reported" });
  });

  it("a stream", async () => {
    const one = await company();
    await one.provider("a", payloads.stream(["Hel", "lo ", "you"]));
    const stream = await one.openai.chat.completions.create({
      model: "model",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: "Hi" }],
    });
    let text = "";
    let usage: unknown = null;
    let finish: string | null = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    expect([text, finish]).toEqual(["Hello you", "stop"]);
    expect(usage).toMatchObject({ cost_nano_usd: expect.any(Number) as number });
  });

  it("parallel calls of tools and their results", async () => {
    const one = await company();
    await one.provider("a", payloads.calls, payloads.text("Warm and cold."));
    const asked: string[] = [];
    const runner = one.openai.chat.completions.runTools({
      model: "model",
      messages: [{ role: "user", content: "Weather in Rome and Oslo?" }],
      tools: [
        {
          type: "function",
          function: {
            name: "weather",
            description: "Weather of a city",
            parameters: CITY,
            parse: JSON.parse as (text: string) => { city: string },
            function: ({ city }: { city: string }) => {
              asked.push(city);
              return city === "Rome" ? "warm" : "cold";
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe("Warm and cold.");
    expect(asked).toEqual(["Rome", "Oslo"]);
    const second = (await one.calls())[1]?.body ?? "";
    expect(second).toContain("warm");
    expect(second).toContain("cold");
  });

  it("calls of tools in a stream", async () => {
    const one = await company();
    await one.provider("a", payloads.callStream);
    const stream = one.openai.chat.completions.stream({
      model: "model",
      messages: [{ role: "user", content: "Weather?" }],
      tools: [{ type: "function", function: { name: "weather", parameters: CITY } }],
    });
    const { message } = (await stream.finalChatCompletion()).choices[0] ?? {};
    expect(message?.tool_calls?.map((call) => (call.type === "function" ? call.function.arguments : ""))).toEqual([
      '{"city":"Rome"}',
      '{"city":"Oslo"}',
    ]);
  });

  it("structured output", async () => {
    const one = await company();
    await one.provider("a", payloads.text('{"city":"Rome"}'));
    const answer = await one.openai.chat.completions.parse({
      model: "model",
      messages: [{ role: "user", content: "Capital?" }],
      response_format: { type: "json_schema", json_schema: { name: "city", schema: CITY, strict: true } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({ city: "Rome" });
    expect((await one.calls())[0]?.body).toContain('"required":["city"]');
  });

  it("responses, whole and streamed", async () => {
    const one = await company();
    await one.provider("a", payloads.text("Hello"), payloads.stream(["Hel", "lo"]));
    expect((await one.openai.responses.create({ model: "model", input: "Hi" })).output_text).toBe("Hello");
    const stream = one.openai.responses.stream({ model: "model", input: "Hi" });
    expect((await stream.finalResponse()).output_text).toBe("Hello");
  });

  it("errors are the client's own classes, with our request id", async () => {
    const one = await company();
    await one.provider("a", { status: 500 });
    const failed = one.openai.chat.completions.create({ model: "model", messages: [{ role: "user", content: "Hi" }] });
    await expect(failed).rejects.toBeInstanceOf(OpenAiServerError);
    await expect(failed).rejects.toMatchObject({
      status: 502,
      code: "upstream_error",
      requestID: expect.any(String) as string,
    });
  });
});

describe.each(PAYLOADS)("anthropic's own client at $kind", (payloads) => {
  const company = async () => rig.company([payloads.kind]);

  it("a message with a picture", async () => {
    const one = await company();
    await one.provider("a", payloads.text("A pixel."));
    const answer = await one.anthropic.messages.create({
      model: "model",
      max_tokens: 50,
      messages: [
        {
          role: "user",
          content: [
            { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } },
            { type: "text", text: "What is it?" },
          ],
        },
      ],
    });
    expect(answer.content[0]).toMatchObject({ type: "text", text: "A pixel." });
    expect(answer.stop_reason).toBe("end_turn");
    expect(answer.usage.output_tokens).toBeGreaterThan(0);
    expect((await one.calls())[0]?.body).toContain(PIXEL);
  });

  it("a stream", async () => {
    const one = await company();
    await one.provider("a", payloads.stream(["Hel", "lo ", "you"]));
    const stream = one.anthropic.messages.stream({
      model: "model",
      max_tokens: 50,
      messages: [{ role: "user", content: "Hi" }],
    });
    let cost = 0;
    stream.on("streamEvent", (event) => {
      if (event.type === "message_delta") cost = (event.usage as { cost_nano_usd?: number }).cost_nano_usd ?? 0;
    });
    expect(await stream.finalText()).toBe("Hello you");
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe("end_turn");
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect(cost).toBeGreaterThan(0);
  });

  it("calls of tools, streamed, and their results", async () => {
    const one = await company();
    await one.provider("a", payloads.callStream, payloads.text("Warm and cold."));
    const tools = [{ name: "weather", input_schema: CITY as Anthropic.Tool.InputSchema }];
    const first = await one.anthropic.messages
      .stream({ model: "model", max_tokens: 50, tools, messages: [{ role: "user", content: "Weather?" }] })
      .finalMessage();
    const calls = first.content.filter((block) => block.type === "tool_use");
    expect(calls.map((call) => call.input)).toEqual([{ city: "Rome" }, { city: "Oslo" }]);
    expect(first.stop_reason).toBe("tool_use");
    const second = await one.anthropic.messages.create({
      model: "model",
      max_tokens: 50,
      tools,
      messages: [
        { role: "user", content: "Weather?" },
        { role: "assistant", content: first.content },
        {
          role: "user",
          content: calls.map((call) => ({
            type: "tool_result" as const,
            tool_use_id: call.id,
            content: `it is ${call.id}`,
          })),
        },
      ],
    });
    expect(second.content[0]).toMatchObject({ text: "Warm and cold." });
    const sent = (await one.calls())[1]?.body ?? "";
    for (const call of calls) expect(sent).toContain(`it is ${call.id}`);
  });

  it("a count of tokens", async () => {
    const one = await company();
    await one.provider("a", { chunks: ['{"input_tokens":14}'] });
    const count = await one.anthropic.messages.countTokens({
      model: "model",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(count.input_tokens).toBeGreaterThan(0);
  });

  it("errors are the client's own classes", async () => {
    const one = await company();
    await one.provider("a", { status: 500 });
    const failed = one.anthropic.messages.create({
      model: "model",
      max_tokens: 5,
      messages: [{ role: "user", content: "Hi" }],
    });
    await expect(failed).rejects.toBeInstanceOf(AnthropicServerError);
    await expect(failed).rejects.toMatchObject({ status: 502, type: "api_error" });
  });
});

describe("embeddings by openai's own client, which asks for base64", () => {
  it("at openai", async () => {
    const one = await rig.company(["openai"]);
    const embedding = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0.5, -1]).buffer)));
    await one.provider("a", {
      chunks: [
        JSON.stringify({ object: "list", data: [{ object: "embedding", index: 0, embedding }], usage: usageOf(3, 0) }),
      ],
    });
    const answer = await one.openai.embeddings.create({ model: "model", input: "Hi" });
    expect(answer.data[0]?.embedding).toEqual([0.5, -1]);
  });

  it("at gemini", async () => {
    const one = await rig.company(["gemini"]);
    await one.provider("a", { chunks: [JSON.stringify({ embeddings: [{ values: [0.5, -1] }] })] });
    const answer = await one.openai.embeddings.create({ model: "model", input: "Hi" });
    expect(answer.data[0]?.embedding).toEqual([0.5, -1]);
  });
});

describe("files by openai's own client", () => {
  it("a transcript", async () => {
    const one = await rig.company(["openai"]);
    await one.provider("a", { chunks: ['{"text":"Hi","usage":{"type":"duration","seconds":1}}'] });
    const file = new File([new Uint8Array(8_000)], "a.wav", { type: "audio/wav" });
    expect((await one.openai.audio.transcriptions.create({ model: "model", file })).text).toBe("Hi");
  });

  it("speech", async () => {
    const one = await rig.company(["openai"]);
    await one.provider("a", { headers: { "content-type": "audio/mpeg" }, base64Chunks: ["/+MY", "xAAA"] });
    const answer = await one.openai.audio.speech.create({ model: "model", voice: "alloy", input: "Hi" });
    expect((await answer.arrayBuffer()).byteLength).toBe(6);
  });
});
