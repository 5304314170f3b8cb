import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { CacheUse } from "../src/cache/cache-use.ts";
import type { Env } from "../src/env.ts";
import { BufferBudget, bufferBudget } from "../src/health/buffer-budget.ts";
import { Bulkhead, bulkhead } from "../src/health/bulkhead.ts";
import worker from "../src/index.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

/** What an isolate has under way of one provider unless it is told otherwise. */
const MAX = 1_000;

function fill(provider: string): void {
  for (let index = 0; index < MAX; index += 1) bulkhead.enter(provider, {}, Date.now() + 60_000);
}

function slugOf(scene: Scene, name: string): string {
  return `${name}-${scene.id}`;
}

describe("the bulkhead", () => {
  it("is full at its limit, per provider, and has room again when one leaves or its deadline is past", () => {
    const calls = new Bulkhead();
    const [first, second] = [{}, {}];
    calls.enter("a", first, 1_000);
    calls.enter("a", second, 2_000);
    expect(calls.isFull("a", 3, 0)).toBe(false);
    expect(calls.isFull("a", 2, 999)).toBe(true);
    expect(calls.isFull("b", 2, 999)).toBe(false);
    expect(calls.isFull("a", 2, 1_000)).toBe(false);
    expect(calls.count("a")).toBe(1);
    calls.leave("a", second);
    calls.leave("a", second);
    expect(calls.count("a")).toBe(0);
  });

  it("passes over a provider that is full: another serves, and a slow one does not slow it", async () => {
    const scene = new Scene();
    const [full, free] = [slugOf(scene, "full"), slugOf(scene, "free")];
    await scene.plan([scene.endpoint(full), scene.endpoint(free)]);
    await scene.provider(free, chatAnswer());
    fill(full);
    const response = await scene.chat();
    expect([response.status, response.headers.get("x-aggregator-provider")]).toEqual([200, free]);
    expect(response.headers.get("x-aggregator-attempts")).toBe("1");
  });

  it("all full: 503 with retry-after, nothing held", async () => {
    const scene = new Scene();
    const full = slugOf(scene, "full");
    await scene.plan([scene.endpoint(full)]);
    fill(full);
    const response = await scene.chat();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({ error: { code: "no_endpoint_available" } });
    expect((await scene.accountLog()).reserves).toEqual([]);
  });

  it("full since the hold: the same answer, and the hold is released", async () => {
    const scene = new Scene();
    const full = slugOf(scene, "full");
    await scene.plan([scene.endpoint(full)]);
    const isFull = vi.spyOn(bulkhead, "isFull").mockReturnValueOnce(false).mockReturnValueOnce(true);
    expect((await scene.chat()).status).toBe(503);
    expect(isFull).toHaveBeenCalledTimes(2);
    isFull.mockRestore();
    expect(await scene.endings(1)).toMatchObject([{ kind: "release", record: { attempts: [] } }]);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });

  it("counts a call until it is over, however it ends", async () => {
    const scene = new Scene();
    const [failing, good] = [slugOf(scene, "failing"), slugOf(scene, "good")];
    await scene.plan([scene.endpoint(failing), scene.endpoint(good)]);
    await scene.provider(failing, { status: 500 });
    await scene.provider(good, chatStream(wholeStream()), chatAnswer());
    await (await scene.chat({ stream: true })).text();
    await scene.endings(1);
    await (await scene.chat()).text();
    await scene.endings(2);
    expect([bulkhead.count(failing), bulkhead.count(good)]).toEqual([0, 0]);
  });
});

const BODY_BYTES = 100_000;
const BUDGET = 1_000_000;

/** One chat of about `BODY_BYTES` through a Worker whose isolate may hold `BUDGET`; its work is over. */
async function chatInBudget(scene: Scene, body: BodyInit, signal?: AbortSignal): Promise<Response> {
  const ctx = createExecutionContext();
  // The bindings are doubles, which their types cannot know.
  const bindings = { ...env, MAX_BUFFERED_BYTES: String(BUDGET) } as unknown as Env;
  const headers = scene.headers(body instanceof ReadableStream ? {} : { "content-length": String(BODY_BYTES) });
  const request = new Request<unknown, IncomingRequestCfProperties>("https://proxy.internal/v1/chat/completions", {
    method: "POST",
    body,
    headers,
    ...(signal === undefined ? {} : { signal }),
  });
  const response = await worker.fetch(request, bindings, ctx);
  const text = await response.text();
  await waitOnExecutionContext(ctx);
  return new Response(text, response);
}

function bigBody(scene: Scene, stream = false): string {
  const body = JSON.stringify({ model: scene.model, stream, messages: [{ role: "user", content: "" }] });
  return body.replace('"content":""', `"content":"${"x".repeat(BODY_BYTES - body.length)}"`);
}

function inChunks(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes.slice(at, at + 10_000));
      at += 10_000;
      if (at >= bytes.length) controller.close();
    },
  });
}

const isGivenBack = () => vi.waitFor(() => expect(bufferBudget.bytes).toBe(0), 8_000);

describe("the budget of bytes", () => {
  it("refuses what would pass it, counts what cannot be refused, and takes back what was forgotten", () => {
    const budget = new BufferBudget();
    const [first, second] = [budget.open(100, 1_000), budget.open(100, 2_000)];
    expect([first.take(60, 0), second.take(60, 0), second.take(40, 0)]).toEqual([true, false, true]);
    second.add(50);
    expect([budget.bytes, second.take(1, 999)]).toEqual([150, false]);
    expect([second.take(1, 1_000), budget.bytes]).toEqual([true, 91]);
    second.giveBack(1_000);
    first.add(5);
    first.end();
    expect(budget.bytes).toBe(0);
  });

  it.each([
    ["of a known length", (text: string): BodyInit => text],
    ["that come in chunks", inChunks],
  ])(
    "holds for 40 big bodies at once %s: the rest is shed, nothing held or sent, all is given back",
    async (_, bodyOf) => {
      await isGivenBack();
      const scene = await Scene.withOne({ ...chatAnswer(), delayMs: 100 });
      let most = 0;
      const sampler = setInterval(() => {
        most = Math.max(most, bufferBudget.bytes);
      }, 1);
      const responses = await Promise.all(
        Array.from({ length: 40 }, () => chatInBudget(scene, bodyOf(bigBody(scene)))),
      );
      clearInterval(sampler);
      const served = responses.filter(({ status }) => status === 200);
      const shed = responses.filter(({ status }) => status === 503);
      expect(served.length + shed.length).toBe(40);
      expect([served.length, shed.length].every((count) => count > 0)).toBe(true);
      expect(shed[0]?.headers.get("retry-after")).toBe("1");
      expect(await shed[0]?.json()).toMatchObject({ error: { code: "service_unavailable" } });
      expect((await scene.accountLog()).reserves).toHaveLength(served.length);
      expect(await scene.providerCalls("a")).toHaveLength(served.length);
      expect(most).toBeGreaterThan(0);
      // Answers, about 400 bytes each, are counted on top: they are paid for.
      expect(most).toBeLessThanOrEqual(BUDGET + 10 * 1_000);
      expect(bufferBudget.bytes).toBe(0);
      expect((await chatInBudget(scene, bodyOf(bigBody(scene)))).status).toBe(200);
    },
  );

  it("is given back however a request ends: refused, failed, broken off, left", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a")]);
    await scene.provider(
      "a",
      { status: 400 },
      chatStream(wholeStream().slice(0, 2)),
      chatStream(wholeStream(), { betweenMs: 50 }),
    );
    expect((await chatInBudget(scene, "x".repeat(BODY_BYTES))).status).toBe(400);
    expect((await chatInBudget(scene, bigBody(scene, true))).status).toBe(400);
    expect(await (await chatInBudget(scene, bigBody(scene, true))).text()).toContain('"error"');
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), 50);
    await chatInBudget(scene, bigBody(scene, true), leaving.signal).catch(() => undefined);
    await isGivenBack();
  });

  it("a fill of the response cache that finds no room is skipped, and gives back what it had", () => {
    const budget = new BufferBudget();
    const cache = new CacheUse({ maxAgeSeconds: 60, mayRead: true }, budget.open(100, Infinity));
    cache.collect(new Uint8Array(60));
    expect(budget.bytes).toBe(60);
    cache.collect(new Uint8Array(60));
    cache.collect(new Uint8Array(10));
    expect([budget.bytes, cache.collected(), cache.fits("x".repeat(101))]).toEqual([0, null, false]);
  });
});
