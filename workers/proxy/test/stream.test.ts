import { describe, expect, it } from "vitest";
import { Scene } from "./support/harness.ts";
import {
  chatStream,
  data,
  doneFrame,
  eventsOf,
  finishChunk,
  roleChunk,
  textChunk,
  usageChunk,
  usageOf,
  wholeStream,
} from "./support/wire.ts";

/** Data of the events, parsed; the end mark as it is. */
const parsed = (text: string) =>
  eventsOf(text).map((event) => (event === "[DONE]" ? event : (JSON.parse(event) as Record<string, unknown>)));

describe("case 25: usage of a stream", () => {
  it.each([
    ["absent", {}],
    ["false", { stream_options: { include_usage: false } }],
  ])("include_usage %s: asked for upstream, not shown, billed exactly", async (_, options) => {
    const scene = await Scene.withOne(chatStream(wholeStream()));
    const text = await (await scene.chat({ stream: true, ...options })).text();
    expect(text).not.toContain("usage");
    expect(parsed(text)).toHaveLength(5);
    const [call] = await scene.providerCalls("a");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ stream_options: { include_usage: true } });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, usageQuality: "reported" });
  });

  it("include_usage true: shown with what the request cost, markup included", async () => {
    const scene = await Scene.withOne(chatStream(wholeStream()));
    await scene.account({ markupBps: 1_000 });
    const text = await (await scene.chat({ stream: true, stream_options: { include_usage: true } })).text();
    const frames = parsed(text);
    expect(frames.at(-1)).toBe("[DONE]");
    expect(frames.at(-2)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 5, cost_nano_usd: 22_000, cost: "0.000022000" },
    });
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 22_000, costNanoUsd: 20_000 });
  });

  it("on a chunk that also has content is taken off for a client that did not ask", async () => {
    const last = data({
      id: "1",
      choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }],
      usage: usageOf(10, 5),
    });
    const scene = await Scene.withOne(chatStream([last, doneFrame]));
    const frames = parsed(await (await scene.chat({ stream: true })).text());
    expect(frames).toEqual([
      { id: "1", choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop" }] },
      "[DONE]",
    ]);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000 });
  });

  it("that never comes is estimated, flagged, and shown to a client that asked", async () => {
    const scene = await Scene.withOne(chatStream([roleChunk, textChunk("x".repeat(40)), finishChunk, doneFrame]));
    const text = await (await scene.chat({ stream: true, stream_options: { include_usage: true } })).text();
    expect(parsed(text).at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 10 } });
    expect((await scene.endings())[0]).toMatchObject({ usageQuality: "estimated", record: { usage: { output: 10 } } });
  });

  it("is at least one token per piece of content where it is estimated", async () => {
    const scene = await Scene.withOne(chatStream([...Array.from("abcdefgh", textChunk), finishChunk, doneFrame]));
    await (await scene.chat({ stream: true })).text();
    expect((await scene.endings())[0]).toMatchObject({ usageQuality: "estimated", record: { usage: { output: 8 } } });
  });
});

it("case 34: the client gets exactly the provider's bytes, comments and odd line ends included", async () => {
  const chunks = [
    ": OPENROUTER PROCESSING\n\n",
    roleChunk,
    textChunk("a").replaceAll("\n", "\r\n"),
    ": x\n\n",
    finishChunk,
  ];
  const scene = await Scene.withOne(chatStream([...chunks, usageChunk(), doneFrame]));
  const text = await (await scene.chat({ stream: true })).text();
  expect(text).toBe([...chunks, doneFrame].join(""));
});

it("case 34: a stream split at every byte is the same stream", async () => {
  const whole = new TextEncoder().encode([roleChunk, textChunk("é😀"), finishChunk, usageChunk(), doneFrame].join(""));
  const base64Chunks = Array.from(whole, (byte) => btoa(String.fromCharCode(byte)));
  const scene = await Scene.withOne(chatStream([], { base64Chunks }));
  const text = await (await scene.chat({ stream: true })).text();
  expect(text).toBe([roleChunk, textChunk("é😀"), finishChunk, doneFrame].join(""));
  expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, usageQuality: "reported" });
});

describe("case 29, case 30, case 31: a stream that breaks after content ends with an error frame, is billed for what came, and is not retried", () => {
  const words = [roleChunk, textChunk("four"), textChunk("more")];
  const half = btoa(textChunk("é").slice(0, -10));
  it.each([
    ["cut without the end mark", chatStream(words), "cut_stream", "upstream_error"],
    ["the connection breaks", chatStream(words, { cut: true }), "cut_stream", "upstream_error"],
    ["cut inside JSON", chatStream([...words, 'data: {"choices":[{"del']), "malformed_answer", "upstream_error"],
    [
      "cut inside a character",
      chatStream([], {
        base64Chunks: [...words.map((word) => btoa(word)), half, "w6k=".slice(0, 2) + "=="],
        cut: true,
      }),
      "cut_stream",
      "upstream_error",
    ],
    ["silence", chatStream(words, { stall: true }), "idle_timeout", "upstream_timeout"],
    [
      "an error frame",
      chatStream([...words, data({ error: { message: "x sk-secret" } })]),
      "error_frame",
      "upstream_error",
    ],
    ["a malformed frame", chatStream([...words, "data: <html>\n\n"]), "malformed_answer", "upstream_error"],
    ["a frame over the limit", chatStream([...words, "data: ", "x".repeat(1_200_000)]), "too_large", "upstream_error"],
  ])("%s", async (_, script, outcome, code) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b")]);
    await scene.provider("a", script);
    await scene.provider("b", chatStream(wholeStream()));
    const response = await scene.chat({ stream: true });
    expect(response.status).toBe(200);
    const text = await response.text();
    const frames = parsed(text);
    expect(frames.at(-1)).toMatchObject({ error: { code }, request_id: expect.stringContaining(scene.id) as string });
    expect(text).not.toContain("[DONE]");
    expect(text).not.toContain("sk-secret");
    expect(await scene.providerCalls("b")).toEqual([]);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({
      kind: "settle",
      usageQuality: "estimated",
      record: { status: 200, errorCode: code, usage: { output: 2 }, attempts: [{ provider: "a", outcome }] },
    });
  });
});

describe("case 20: a client that leaves", () => {
  const slow = chatStream(
    [roleChunk, ...Array.from({ length: 40 }, () => textChunk("word")), finishChunk, usageChunk(), doneFrame],
    {
      betweenMs: 30,
    },
  );

  async function leaveAfter(scene: Scene, chunks: number): Promise<void> {
    const abort = new AbortController();
    const response = await scene.chat({ stream: true }, { signal: abort.signal });
    const reader = response.body?.getReader();
    for (let read = 0; read < chunks; read += 1) await reader?.read();
    await reader?.cancel();
    abort.abort();
  }

  it.each([1, 3])("after %i chunks: the provider is stopped, prompt and output so far are billed", async (chunks) => {
    const scene = await Scene.withOne(slow);
    await leaveAfter(scene, chunks);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({
      kind: "settle",
      usageQuality: "estimated",
      record: { clientDisconnected: true, errorCode: null, attempts: [{ outcome: "client_disconnected" }] },
    });
    expect(ending?.record.usage?.output).toBeGreaterThanOrEqual(chunks);
    expect(ending?.record.usage?.output).toBeLessThan(40);
    expect(ending?.record.usage?.input).toBeGreaterThan(10);
    await expect.poll(async () => (await scene.providerCalls("a"))[0]?.closedEarly).toBe(true);
  });

  it("of a provider with the policy drain: read to the end, billed what was reported", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a", { onDisconnect: "drain" })]);
    await scene.provider("a", slow);
    await leaveAfter(scene, 2);
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({
      kind: "settle",
      priceNanoUsd: 20_000,
      usageQuality: "reported",
      record: { clientDisconnected: true, attempts: [{ outcome: "success" }] },
    });
  });

  it("case 21: after all content but before the usage frame: the full usage is billed", async () => {
    const scene = await Scene.withOne(
      chatStream([roleChunk, textChunk("word"), finishChunk, usageChunk(), doneFrame], { betweenMs: 100 }),
    );
    await leaveAfter(scene, 2);
    expect((await scene.endings())[0]).toMatchObject({ priceNanoUsd: 20_000, usageQuality: "reported" });
  });

  it("before the first byte: the provider is stopped, the prompt is billed", async () => {
    const scene = await Scene.withOne({ hang: true });
    const abort = new AbortController();
    const answered = scene.chat({ stream: true }, { signal: abort.signal }).catch(() => null);
    await expect.poll(async () => (await scene.providerCalls("a")).length).toBe(1);
    abort.abort();
    await answered;
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ kind: "settle", usageQuality: "estimated", record: { usage: { output: 0 } } });
  });
});

describe("a long stream", () => {
  const words = Array.from({ length: 60 }, () => textChunk("word"));

  it("case 23: reports to the account while it runs, which extends its lease", async () => {
    const scene = await Scene.withOne(
      chatStream([roleChunk, ...words, finishChunk, usageChunk(), doneFrame], { betweenMs: 20 }),
    );
    await (await scene.chat({ stream: true })).text();
    const { checkpoints } = await scene.accountLog();
    expect(checkpoints.length).toBeGreaterThanOrEqual(2);
    expect(checkpoints.at(-1)).toMatchObject({ leaseMs: 60_000, raiseHoldToNanoUsd: null });
    const spent = checkpoints.map((checkpoint) => checkpoint.priceNanoUsd);
    expect(spent).toEqual(spent.toSorted((a, b) => a - b));
    expect(spent.at(-1)).toBeGreaterThan(0);
  });

  it.each([
    ["the hold cannot be raised", { holdNanoUsd: 1_000_000, refuseRaise: true }, "length"],
    ["somebody cancelled the request", { cancelAtCheckpoint: true }, "stop"],
  ] as const)("case 24: ends well-formed when %s", async (_, script, finish) => {
    const scene = await Scene.withOne(chatStream([roleChunk, ...words, ...words], { betweenMs: 20 }));
    await scene.account(script);
    const text = await (await scene.chat({ stream: true, stream_options: { include_usage: true } })).text();
    const frames = parsed(text);
    expect(frames.at(-1)).toBe("[DONE]");
    expect(frames.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) as number } });
    expect(frames.at(-3)).toMatchObject({ choices: [{ delta: {}, finish_reason: finish }] });
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ usageQuality: "estimated", record: { finishReason: finish, errorCode: null } });
    await expect.poll(async () => (await scene.providerCalls("a"))[0]?.closedEarly).toBe(true);
  });
});
