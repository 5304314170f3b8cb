import { describe, expect, it } from "vitest";
import { chat, chunksOf, framesOf, streamedText } from "./support.ts";

/** ceil(("user" + "one two three").length / 4) */
const PROMPT_TOKENS = 5;

describe("a chat answer", () => {
  it("echoes the last user message and counts it by the rule", async () => {
    const response = await chat();
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      model: "echo",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "one two three" } }],
      usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: 3, total_tokens: PROMPT_TOKENS + 3 },
    });
  });

  it.each([
    ["max_tokens", { max_tokens: 2 }, "one two", "length", 2],
    ["max_completion_tokens", { max_completion_tokens: 1 }, "one", "length", 1],
    ["a limit that is not reached", { max_tokens: 3 }, "one two three", "stop", 3],
    ["stop", { stop: [" three"] }, "one two", "stop", 2],
    ["a number of words", { sandbox: { tokens: 2 } }, "lorem ipsum", "stop", 2],
    ["no words", { sandbox: { tokens: 0 } }, "", "stop", 0],
  ])("honours %s, streamed and not", async (_, fields, content, finishReason, tokens) => {
    const whole = await (await chat(fields)).json();
    expect(whole).toMatchObject({
      choices: [{ message: { content }, finish_reason: finishReason }],
      usage: { completion_tokens: tokens },
    });
    const { frames } = await framesOf(await chat({ ...fields, stream: true, stream_options: { include_usage: true } }));
    const chunks = chunksOf(frames);
    expect(streamedText(chunks)).toBe(content);
    expect(chunks.at(-2)?.choices).toMatchObject([{ finish_reason: finishReason }]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: tokens } });
    expect(frames.at(-1)?.data).toBe("[DONE]");
    expect(chunks.filter(({ choices }) => (choices[0]?.delta.content ?? "") !== "")).toHaveLength(tokens);
  });

  it("counts every choice of n", async () => {
    expect(await (await chat({ n: 3 })).json()).toMatchObject({
      choices: [{ index: 0 }, { index: 1 }, { index: 2, message: { content: "one two three" } }],
      usage: { prompt_tokens: PROMPT_TOKENS, completion_tokens: 9 },
    });
    const { frames } = await framesOf(await chat({ n: 2, stream: true }));
    expect(streamedText(chunksOf(frames), 1)).toBe("one two three");
  });

  it("shows no usage in a stream that did not ask for it", async () => {
    const { frames } = await framesOf(await chat({ stream: true }));
    expect(chunksOf(frames).filter(({ usage }) => usage !== undefined)).toEqual([]);
  });

  it("reports cached tokens, at most the prompt, and reasoning as part of the output", async () => {
    const response = await chat({ sandbox: { cached_tokens: 99, reasoning_tokens: 4 } });
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: "one two three", reasoning_content: "lorem ipsum dolor sit" } }],
      usage: {
        completion_tokens: 7,
        prompt_tokens_details: { cached_tokens: PROMPT_TOKENS },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
  });

  it("counts bytes, not characters", async () => {
    const response = await chat({ messages: [{ role: "user", content: "äöü€" }] });
    expect(await response.json()).toMatchObject({ usage: { prompt_tokens: Math.ceil((4 + 9) / 4) } });
  });

  it.each([
    ["no messages", { messages: [] }, "messages"],
    ["a message without a role", { messages: [{ content: "x" }] }, "messages.0.role"],
    ["a fraction of a token", { max_tokens: 1.5 }, "max_tokens"],
    ["an unknown fault", { sandbox: { explode: true } }, "sandbox.explode"],
  ])("is refused for %s, naming the field", async (_, fields, param) => {
    const response = await chat(fields);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error", param } });
  });
});

describe("tools and structured outputs", () => {
  const weather = {
    type: "function",
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  };
  const clock = { type: "function", function: { name: "clock" } };
  const calls = (name: string, args: string) => [
    { finish_reason: "tool_calls", message: { content: null, tool_calls: [{ function: { name, arguments: args } }] } },
  ];

  it.each([
    ["the first tool", {}, "weather", '{"city":"text"}'],
    ["the required tool", { tool_choice: "required" }, "weather", '{"city":"text"}'],
    ["the named tool", { tool_choice: { type: "function", function: { name: "clock" } } }, "clock", "{}"],
  ])("calls %s with arguments of its schema", async (_, fields, name, args) => {
    const response = await chat({ tools: [weather, clock], ...fields });
    expect(await response.json()).toMatchObject({ choices: calls(name, args) });
  });

  it("streams the call in pieces whose number is the usage", async () => {
    const fields = { tools: [weather], stream: true, stream_options: { include_usage: true } };
    const { frames } = await framesOf(await chat(fields));
    const pieces = frames.filter(({ data }) => data.includes('"tool_calls":['));
    expect(pieces).toHaveLength(5);
    expect(chunksOf(frames).at(-1)).toMatchObject({ usage: { completion_tokens: 5 } });
  });

  it.each([
    ["tool_choice none", { tool_choice: "none" }, "one two three"],
    ["the tool's answer", { messages: [{ role: "tool", tool_call_id: "c", content: "sunny" }] }, "sunny"],
  ])("answers text after %s", async (_, fields, content) => {
    const response = await chat({ tools: [weather], ...fields });
    expect(await response.json()).toMatchObject({ choices: [{ finish_reason: "stop", message: { content } }] });
  });

  it("answers JSON for json_object and for a schema", async () => {
    const schema = { type: "object", properties: { n: { type: "integer" }, on: { type: "boolean" } } };
    const format = { type: "json_schema", json_schema: { name: "s", schema } };
    expect(await (await chat({ response_format: format })).json()).toMatchObject({
      choices: [{ message: { content: '{"n":1,"on":true}' } }],
    });
    expect(await (await chat({ response_format: { type: "json_object" } })).json()).toMatchObject({
      choices: [{ message: { content: '{"echo":"one two three"}' } }],
    });
  });
});
