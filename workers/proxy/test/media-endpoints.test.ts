import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ProviderScript } from "./provider/script.ts";
import { Scene } from "./support/harness.ts";
import { data } from "./support/wire.ts";

const json = (value: unknown): ProviderScript => ({ chunks: [JSON.stringify(value)] });

async function priced(base: PlannedEndpoint["price"]["base"], ...scripts: readonly ProviderScript[]): Promise<Scene> {
  const scene = new Scene();
  await scene.plan([scene.endpoint("a", { price: { id: "p", base, tiers: [] }, maxOutputTokens: 4_000 })]);
  await scene.provider("a", ...scripts);
  return scene;
}

describe("images", () => {
  const generate = (scene: Scene, changes: Record<string, unknown> = {}) =>
    scene.request("/v1/images/generations", { model: scene.model, prompt: "a cat", n: 2, ...changes });

  it("are held and charged by the picture where that is the price", async () => {
    const scene = await priced(
      { input: 0, output: 0, image: 40_000_000 },
      json({ created: 1, data: [{ url: "x" }, { url: "y" }] }),
    );
    const body = await (await generate(scene)).json();
    expect(body).toMatchObject({ data: [{ url: "x" }, { url: "y" }], usage: { cost_nano_usd: 80_000_000 } });
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBe(80_000_000);
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: 80_000_000,
      usageQuality: "reported",
      record: { usage: { image: 2 } },
    });
    expect((await scene.providerCalls("a"))[0]?.path).toBe("/v1/images/generations");
  });

  it("fewer than asked for are charged by what came", async () => {
    const scene = await priced({ input: 0, output: 0, image: 40_000_000 }, json({ data: [{ url: "x" }] }));
    await generate(scene);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 40_000_000 });
  });

  it("are charged by tokens where those are the price", async () => {
    const usage = {
      input_tokens: 50,
      output_tokens: 4_160,
      total_tokens: 4_210,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
    };
    const scene = await priced(
      { input: 5_000_000_000, input_image: 10_000_000_000, output: 40_000_000_000 },
      json({ data: [{ b64_json: "x" }, { b64_json: "y" }], usage }),
    );
    await generate(scene);
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: 10 * 5_000 + 40 * 10_000 + 4_160 * 40_000,
      usageQuality: "reported",
    });
  });

  it("are streamed, the price with the last", async () => {
    const partial = `event: image_generation.partial_image\n${data({ type: "image_generation.partial_image", b64_json: "x" })}`;
    const completed = {
      type: "image_generation.completed",
      b64_json: "y",
      usage: { input_tokens: 10, output_tokens: 100 },
    };
    const scene = await priced(
      { input: 1_000_000_000, output: 2_000_000_000 },
      { headers: { "content-type": "text/event-stream" }, chunks: [partial, data(completed)] },
    );
    const text = await (await generate(scene, { n: 1, stream: true })).text();
    expect(text.startsWith(partial)).toBe(true);
    expect(text).toContain('"cost_nano_usd":210000');
  });

  it.each([
    ["prompt", { prompt: "" }],
    ["n", { n: 11 }],
  ])("with a wrong %s are 400", async (param, body) => {
    const response = await generate(new Scene(), body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param } });
  });
});

describe("speech", () => {
  const speak = (scene: Scene, changes: Record<string, unknown> = {}) =>
    scene.request("/v1/audio/speech", { model: scene.model, input: "Hello there", voice: "alloy", ...changes });
  const sound: ProviderScript = { headers: { "content-type": "audio/mpeg" }, base64Chunks: ["/+MY", "xAAA"] };

  it("passes as it comes and is charged by the character", async () => {
    const scene = await priced({ input: 15_000_000_000, output: 0 }, sound);
    const response = await speak(scene);
    expect(response.headers.get("content-type")).toBe("audio/mpeg");
    expect(response.headers.get("x-aggregator-attempts")).toBe("1");
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0xe3, 0x18, 0xc4, 0, 0]);
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBe(11 * 15_000);
    expect((await scene.endings())[0]).toMatchObject({ kind: "settle", priceNanoUsd: 11 * 15_000 });
  });

  it("that has a price for sound is charged for it, estimated by its text", async () => {
    const scene = await priced({ input: 600_000_000, output: 600_000_000, output_audio: 12_000_000_000 }, sound);
    await (await speak(scene, { input: "x".repeat(150) })).arrayBuffer();
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ usageQuality: "estimated", record: { usage: { input: 150, output_audio: 210 } } });
    expect(ending).toMatchObject({ priceNanoUsd: 150 * 600 + 210 * 12_000 });
  });

  it.each<[name: string, script: ProviderScript]>([
    ["a page", { headers: { "content-type": "text/html" }, chunks: ["<html>"] }],
    ["nothing", { headers: { "content-type": "audio/mpeg" }, chunks: [] }],
    ["500", { status: 500 }],
  ])("fails over for %s", async (_, script) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b")]);
    await scene.provider("a", script);
    await scene.provider("b", sound);
    const response = await speak(scene);
    expect(response.headers.get("x-aggregator-provider")).toBe("b");
    expect((await response.arrayBuffer()).byteLength).toBe(6);
  });

  it("that breaks off breaks off for the client, and is settled as broken", async () => {
    const scene = await priced({ input: 15_000_000_000, output: 0 }, { ...sound, cut: true });
    await expect((await speak(scene)).arrayBuffer()).rejects.toThrow("broke off");
    expect((await scene.endings())[0]).toMatchObject({
      kind: "settle",
      record: { errorCode: "upstream_error", clientDisconnected: false, attempts: [{ outcome: "cut_stream" }] },
    });
  });

  it("as events reports its usage", async () => {
    const done = { type: "speech.audio.done", usage: { input_tokens: 10, output_tokens: 100, total_tokens: 110 } };
    const scene = await priced(
      { input: 1_000_000_000, output: 2_000_000_000 },
      {
        headers: { "content-type": "text/event-stream" },
        chunks: [data({ type: "speech.audio.delta", audio: "AAAA" }), data(done)],
      },
    );
    const text = await (await speak(scene, { stream_format: "sse" })).text();
    expect(text).toContain('"cost_nano_usd":210000');
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 210_000, usageQuality: "reported" });
  });
});

describe("transcriptions", () => {
  let counter = 0;
  const transcribe = (scene: Scene, fields: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    counter += 1;
    const form = new FormData();
    form.append("model", scene.model);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (fields["file"] === undefined)
      form.append("file", new File([new Uint8Array(16_000)], "a.wav", { type: "audio/wav" }));
    return exports.default.fetch(
      new Request("https://proxy.internal/v1/audio/transcriptions", {
        method: "POST",
        body: form,
        headers: {
          [CONTEXT_HEADERS.requestId]: `${scene.id}-form-${counter}`,
          [CONTEXT_HEADERS.traceparent]: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          [CONTEXT_HEADERS.principal]: JSON.stringify(scene.principal()),
          ...headers,
        },
      }),
    );
  };
  const BY_TIME = { input: 0, output: 0, audio_second: 100_000 };

  it("carry the file and the fields under the upstream's model, charged by the second", async () => {
    const scene = await priced(BY_TIME, json({ text: "Hi", usage: { type: "duration", seconds: 2 } }));
    const response = await transcribe(scene, { language: "en", "timestamp_granularities[]": "word" });
    expect(await response.json()).toMatchObject({ text: "Hi", usage: { seconds: 2, cost_nano_usd: 200_000 } });
    const [call] = await scene.providerCalls("a");
    expect(call?.path).toBe("/v1/audio/transcriptions");
    expect(call?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    for (const part of ["upstream-a", 'name="language"', 'name="timestamp_granularities[]"', 'filename="a.wav"']) {
      expect(call?.body).toContain(part);
    }
    // A second of WAV is 8,000 bytes at least: 16,000 bytes are two.
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBe(200_000);
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: 200_000,
      usageQuality: "reported",
      record: { usage: { audio_second: 2 } },
    });
  });

  it("are charged by tokens where those are reported", async () => {
    const usage = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 0, audio_tokens: 14 },
      output_tokens: 45,
      total_tokens: 59,
    };
    const scene = await priced(
      { input: 1_000_000_000, input_audio: 3_000_000_000, output: 2_000_000_000 },
      json({ text: "Hi", usage }),
    );
    await transcribe(scene);
    expect((await scene.endings())[0]).toMatchObject({
      priceNanoUsd: 14 * 3_000 + 45 * 2_000,
      usageQuality: "reported",
    });
  });

  it("as plain text are asked for as JSON, which tells the usage, and given as text", async () => {
    const scene = await priced(BY_TIME, json({ text: "Hi there", usage: { type: "duration", seconds: 1 } }));
    const response = await transcribe(scene, { response_format: "text" });
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(await response.text()).toBe("Hi there\n");
    expect((await scene.providerCalls("a"))[0]?.body).not.toContain("\r\n\r\ntext\r\n");
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 100_000, usageQuality: "reported" });
  });

  it("as subtitles are charged up to their end", async () => {
    const srt = "1\n00:00:00,000 --> 00:00:00,700\nHi\n";
    const scene = await priced(BY_TIME, { headers: { "content-type": "text/plain" }, chunks: [srt] });
    expect(await (await transcribe(scene, { response_format: "srt" })).text()).toBe(srt);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 100_000 });
  });

  it("are streamed, the price with the last event", async () => {
    const done = {
      type: "transcript.text.done",
      text: "Hi",
      usage: { type: "tokens", input_tokens: 10, output_tokens: 5 },
    };
    const scene = await priced(
      { input: 1_000_000_000, output: 2_000_000_000 },
      {
        headers: { "content-type": "text/event-stream" },
        chunks: [data({ type: "transcript.text.delta", delta: "Hi" }), data(done)],
      },
    );
    expect(await (await transcribe(scene, { stream: "true" })).text()).toContain('"cost_nano_usd":20000');
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000 });
  });

  it("of which nothing is reported are estimated, never free", async () => {
    const scene = await priced(
      { input: 1_000_000_000, output: 2_000_000_000, audio_second: 100_000 },
      json({ text: "Hi" }),
    );
    await transcribe(scene);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ usageQuality: "estimated" });
    expect(ending?.kind === "settle" && ending.priceNanoUsd).toBeGreaterThan(100_000);
  });

  it.each([
    ["file", { file: "not a file" }, 400],
    ["model", { model: "" }, 400],
  ])("with a wrong %s are 400", async (param, fields, status) => {
    const response = await transcribe(new Scene(), fields);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  it("as JSON are 415", async () => {
    const response = await new Scene().request("/v1/audio/transcriptions", { model: "m" });
    expect(response.status).toBe(415);
  });

  it("repeated under one key compare by what is in the form, not by its boundary", async () => {
    const scene = await priced(BY_TIME, json({ text: "Hi", usage: { type: "duration", seconds: 1 } }));
    for (const [index, fields] of [{}, {}, { language: "en" }].entries()) {
      await transcribe(scene, fields, { "idempotency-key": "k" });
      await scene.endings(index + 1);
    }
    const hashes = (await scene.accountLog()).reserves.map((reserve) => reserve.idempotency?.bodyHash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});

describe("rerank", () => {
  const rank = (scene: Scene, changes: Record<string, unknown> = {}) =>
    scene.request("/v1/rerank", { model: scene.model, query: "cats", documents: ["a", "b"], top_n: 1, ...changes });
  const results = [{ index: 0, relevance_score: 0.9 }];

  it.each([
    ["Jina's usage", { results, usage: { total_tokens: 20 } }, 20_000],
    ["Cohere's", { results, meta: { tokens: { input_tokens: 30 } } }, 30_000],
  ])("is charged by %s", async (_, answer, price) => {
    const scene = await Scene.withOne(json(answer));
    expect(await (await rank(scene)).json()).toMatchObject({ results, usage: { cost_nano_usd: price } });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: price, usageQuality: "reported" });
  });

  it("is charged by the request where that is the price", async () => {
    const scene = await priced(
      { input: 0, output: 0, request: 2_000_000 },
      json({ results, meta: { billed_units: { search_units: 1 } } }),
    );
    await rank(scene);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 2_000_000 });
    expect((await scene.accountLog()).reserves[0]?.holdNanoUsd).toBe(2_000_000);
  });

  it.each([
    ["query", { query: "" }],
    ["documents", { documents: [] }],
  ])("with a wrong %s is 400", async (param, body) => {
    expect(await (await rank(new Scene(), body)).json()).toMatchObject({ error: { param } });
  });
});
