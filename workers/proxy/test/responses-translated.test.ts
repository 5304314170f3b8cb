import { describe, expect, it } from "vitest";
import {
  anthropicMessage,
  anthropicStream,
  textBlock,
  thinkingBlock,
  toolBlock,
  toolUse,
} from "./support/anthropic-wire.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer } from "./support/wire.ts";

const respond = (scene: Scene, body: Record<string, unknown>) =>
  scene.request("/v1/responses", { model: scene.model, ...body });

describe("responses at a provider that has none", () => {
  it("carry instructions, turns, calls and a schema", async () => {
    const scene = await Scene.withOne(chatAnswer("ok"));
    await respond(scene, {
      instructions: "Be brief.",
      max_output_tokens: 50,
      reasoning: { effort: "low" },
      text: { format: { type: "json_schema", name: "x", schema: { type: "object" }, strict: true } },
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      tool_choice: { type: "function", name: "f" },
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Look" },
            { type: "input_image", image_url: "https://e.com/a.png" },
          ],
        },
        { type: "reasoning", id: "rs_1", summary: [] },
        { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
        { type: "function_call", call_id: "c2", name: "f", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "one" },
        { type: "function_call_output", call_id: "c2", output: "two" },
      ],
    });
    const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    expect(await scene.sent()).toEqual({
      model: "upstream-a",
      max_tokens: 50,
      reasoning_effort: "low",
      response_format: { type: "json_schema", json_schema: { name: "x", schema: { type: "object" }, strict: true } },
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
      tool_choice: { type: "function", function: { name: "f" } },
      messages: [
        { role: "system", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "Look" },
            { type: "image_url", image_url: { url: "https://e.com/a.png" } },
          ],
        },
        { role: "assistant", content: null, tool_calls: [call("c1"), call("c2")] },
        { role: "tool", tool_call_id: "c1", content: "one" },
        { role: "tool", tool_call_id: "c2", content: "two" },
      ],
    });
  });

  it("are answered in their shape, with the price", async () => {
    const scene = await Scene.withVendor(
      "anthropic",
      anthropicMessage(
        [
          { type: "thinking", thinking: "Hm.", signature: "S" },
          { type: "text", text: "Hi" },
          toolUse("t1", "f", { a: 1 }),
        ],
        { stop_reason: "tool_use" },
      ),
    );
    expect(await (await respond(scene, { input: "Hello" })).json()).toMatchObject({
      object: "response",
      status: "completed",
      output: [
        { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] },
        { type: "message", content: [{ type: "output_text", text: "Hi" }] },
        { type: "function_call", call_id: "t1", name: "f", arguments: '{"a":1}' },
      ],
      usage: { input_tokens: 82, output_tokens: 25, cost_nano_usd: 96_000 },
    });
  });

  it("stream as numbered events, each item added, filled and done, the whole response last", async () => {
    const scene = await Scene.withVendor(
      "anthropic",
      anthropicStream([
        ...thinkingBlock(0, ["Hm."], "S"),
        ...textBlock(["He", "llo"], 1),
        ...toolBlock(2, "t1", "f", ["{}"]),
      ]),
    );
    const text = await (await respond(scene, { input: "Hello", stream: true })).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(
      (match) => JSON.parse(match[1] ?? "") as { type: string; sequence_number: number; response?: unknown },
    );
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    const added = events.filter((event) => event.type === "response.output_item.added").length;
    const done = events.filter((event) => event.type === "response.output_item.done").length;
    expect([added, done]).toEqual([3, 3]);
    expect(events.at(-1)).toMatchObject({
      type: "response.completed",
      response: {
        output: [
          { type: "reasoning" },
          { type: "message", content: [{ text: "Hello" }] },
          { type: "function_call", arguments: "{}" },
        ],
        usage: { cost_nano_usd: 96_000 },
      },
    });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 96_000, usageQuality: "reported" });
  });

  it("that are cut by the limit are incomplete", async () => {
    const scene = await Scene.withVendor("anthropic", anthropicStream(textBlock(["Hi"]), "max_tokens"));
    const text = await (await respond(scene, { input: "Hello", stream: true })).text();
    expect(text).toContain('"incomplete_details":{"reason":"max_output_tokens"}');
    expect(text).toContain("event: response.incomplete");
  });

  it.each([
    ["previous_response_id", { previous_response_id: "r1" }],
    ["tools.0.type", { tools: [{ type: "web_search" }] }],
    ["input.0.type", { input: [{ type: "computer_call" }] }],
  ])("that need what is not there are 400 naming %s, nothing sent", async (param, body) => {
    const scene = await Scene.withOne(chatAnswer("ok"));
    const response = await respond(scene, { input: "Hello", ...body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(await scene.providerCalls("a")).toEqual([]);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });
});
