import { describe, expect, it } from "vitest";
import type { ProviderScript } from "./provider/script.ts";
import { Scene } from "./support/harness.ts";
import { chatStream, data, doneFrame, eventsOf, usageOf } from "./support/wire.ts";

const json = (value: unknown) => ({ chunks: [JSON.stringify(value)] });

describe("embeddings", () => {
  it("pass through and are billed by their input", async () => {
    const scene = await Scene.withOne(
      json({ object: "list", data: [{ embedding: [0.1], index: 0 }], usage: { prompt_tokens: 8, total_tokens: 8 } }),
    );
    const response = await scene.request("/v1/embeddings", { model: scene.model, input: ["a", "b"], dimensions: 1 });
    expect(await response.json()).toMatchObject({
      data: [{ embedding: [0.1] }],
      usage: { prompt_tokens: 8, cost_nano_usd: 8_000, cost: "0.000008000" },
    });
    expect((await scene.providerCalls("a"))[0]).toMatchObject({ path: "/v1/embeddings" });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 8_000, usageQuality: "reported" });
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBeLessThan(100_000);
  });

  it("without input are refused", async () => {
    const scene = await Scene.withOne(json({}));
    const response = await scene.request("/v1/embeddings", { model: scene.model });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: "input" } });
  });
});

describe("moderations", () => {
  it("pass through; the model is OpenAI's default when none is named", async () => {
    const scene = await Scene.withOne(json({ id: "m", results: [{ flagged: false }] }));
    const unnamed = await scene.request("/v1/moderations", { input: "text" });
    expect(unnamed.status).toBe(404);
    expect((await scene.accountLog()).planCalls[0]?.models).toEqual(["omni-moderation-latest"]);
    const response = await scene.request("/v1/moderations", { model: scene.model, input: "text" });
    expect(await response.json()).toMatchObject({ results: [{ flagged: false }] });
    expect((await scene.endings())[0]).toMatchObject({ usageQuality: "estimated" });
  });
});

describe("completions", () => {
  it("pass through whole", async () => {
    const scene = await Scene.withOne(
      json({
        id: "c",
        object: "text_completion",
        choices: [{ text: "Hi", finish_reason: "stop" }],
        usage: usageOf(10, 5),
      }),
    );
    const response = await scene.request("/v1/completions", { model: scene.model, prompt: "Say hi" });
    expect(await response.json()).toMatchObject({ choices: [{ text: "Hi" }], usage: { cost_nano_usd: 20_000 } });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, record: { finishReason: "stop" } });
  });

  it("pass through streamed", async () => {
    const chunk = (text: string, finish: string | null) =>
      data({ id: "c", choices: [{ index: 0, text, finish_reason: finish }] });
    const frames = [chunk("H", null), chunk("i", null), chunk("", "stop")];
    const scene = await Scene.withOne(
      chatStream([...frames, data({ id: "c", choices: [], usage: usageOf(10, 5) }), doneFrame]),
    );
    const response = await scene.request("/v1/completions", { model: scene.model, prompt: "Say hi", stream: true });
    expect(await response.text()).toBe([...frames, doneFrame].join(""));
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, usageQuality: "reported" });
  });

  it("hold for every prompt and every answer", async () => {
    const scene = await Scene.withOne(json({ choices: [], usage: usageOf(10, 5) }));
    const body = JSON.stringify({ model: scene.model, prompt: ["a", "b"], n: 2, best_of: 3, max_tokens: 10 });
    await (await scene.request("/v1/completions", body)).text();
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBe(body.length * 1_000 + 10 * 2 * 3 * 2_000);
  });
});

describe("responses of a provider that speaks them", () => {
  const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
  const openai = async (script: ProviderScript) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a", { kind: "openai" })]);
    await scene.provider("a", script);
    return scene;
  };

  it("pass through whole", async () => {
    const scene = await openai(json({ id: "r", object: "response", status: "completed", output: [], usage }));
    const response = await scene.request("/v1/responses", { model: scene.model, input: "Hi", future: 1 });
    expect(await response.json()).toMatchObject({ id: "r", usage: { input_tokens: 10, cost_nano_usd: 20_000 } });
    const [call] = await scene.providerCalls("a");
    expect(call?.path).toBe("/v1/responses");
    expect(JSON.parse(call?.body ?? "")).toEqual({ model: "upstream-a", input: "Hi", future: 1 });
  });

  it("pass through streamed, the price in the last event", async () => {
    const event = (type: string, more: object) => `event: ${type}\n${data({ type, ...more })}`;
    const opening = event("response.created", { response: { id: "r", status: "in_progress" } });
    const delta = event("response.output_text.delta", { delta: "Hi" });
    const end = event("response.completed", { response: { id: "r", status: "completed", output: [], usage } });
    const scene = await openai(chatStream([opening, delta, end]));
    const response = await scene.request("/v1/responses", { model: scene.model, input: "Hi", stream: true });
    const text = await response.text();
    expect(text.startsWith(opening + delta)).toBe(true);
    expect(text).not.toContain("[DONE]");
    expect(text).toContain("event: response.completed\n");
    const last = eventsOf(text.replaceAll(/event: .*\n/g, "")).at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({ response: { usage: { cost_nano_usd: 20_000 } } });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, record: { finishReason: "completed" } });
  });

  it("that fail before content fail over", async () => {
    const scene = new Scene();
    const failed = `event: response.failed\n${data({ type: "response.failed", response: { error: { code: "server_error" } } })}`;
    await scene.plan([scene.endpoint("a", { kind: "openai" }), scene.endpoint("b", { kind: "openai" })]);
    await scene.provider("a", chatStream([failed]));
    await scene.provider("b", json({}));
    const response = await scene.request("/v1/responses", { model: scene.model, input: "Hi", stream: true });
    expect(response.status).toBe(502);
    expect(await scene.providerCalls("b")).not.toEqual([]);
  });
});
