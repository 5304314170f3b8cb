import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatStream, doneFrame, finishChunk, roleChunk, textChunk, usageChunk, usageOf } from "../support/wire.ts";
import { Rig, type Company } from "./rig.ts";

const rig = new Rig();
beforeAll(() => rig.start(), 60_000);
afterAll(() => rig.stop());

const CHUNKS = 12;
const BODY = { model: "model", stream: true, messages: [{ role: "user", content: "Hello there" }] };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Reads the text of `count` content chunks, then breaks the connection. */
async function leaveAfter(company: Company, count: number, text: string, readEveryMs: number): Promise<void> {
  const abort = new AbortController();
  const response = await company.post("/v1/chat/completions", BODY, { signal: abort.signal });
  const body = response.body as AsyncIterable<Uint8Array> | null;
  const wanted = count * text.length;
  let read = 0;
  if (wanted > 0 && body !== null) {
    for await (const value of body) {
      // The text is all "z", which nothing else in a chunk is.
      read += value.reduce((sum, byte) => (byte === 0x7a ? sum + 1 : sum), 0);
      if (readEveryMs > 0) await pause(readEveryMs);
      if (read >= wanted) break;
    }
  }
  abort.abort();
}

describe.each([
  ["50 B", 50, "fast", 0],
  ["50 B", 50, "slow", 50],
  ["64 KB", 65_536, "fast", 0],
  ["64 KB", 65_536, "slow", 50],
])("case 20: with chunks of %s (%i bytes) a %s reader", (_size, bytes, _pace, readEveryMs) => {
  const text = "z".repeat(bytes);

  it.each([0, 1, 3, CHUNKS - 1])("that leaves after %i: settled in time, prompt and delivered billed", async (k) => {
    const company = await rig.company(["openai-compatible"], {
      maxOutputTokens: 1_000_000,
      contextWindow: 2_000_000,
    });
    const content = Array.from({ length: CHUNKS }, () => textChunk(text));
    await company.provider(
      "a",
      chatStream([roleChunk, ...content, finishChunk, usageChunk(usageOf(10, (CHUNKS * bytes) / 4)), doneFrame], {
        betweenMs: 60,
      }),
    );
    await leaveAfter(company, k, text, readEveryMs);
    const leftAt = Date.now();
    const [ending] = await company.endings();
    expect(Date.now() - leftAt).toBeLessThan(4_000);
    if (ending?.kind !== "settle") throw new Error(`not settled: ${JSON.stringify(ending)}`);
    expect(ending.record.usage?.input).toBeGreaterThanOrEqual(10);
    expect(ending.record.usage?.output).toBeGreaterThanOrEqual(Math.floor((k * text.length) / 4));
    // A slow reader may leave when all was handed over already: then the provider's own usage is billed.
    expect(ending.record.clientDisconnected || ending.usageQuality === "reported").toBe(true);
  });
});

it("case 20: a provider with the policy drain is read to its end, its own usage billed", async () => {
  const company = await rig.company(["openai-compatible"], { onDisconnect: "drain" });
  const content = Array.from({ length: CHUNKS }, () => textChunk("zzzz"));
  await company.provider(
    "a",
    chatStream([roleChunk, ...content, finishChunk, usageChunk(), doneFrame], { betweenMs: 40 }),
  );
  await leaveAfter(company, 2, "zzzz", 0);
  expect((await company.endings())[0]).toMatchObject({
    kind: "settle",
    usageQuality: "reported",
    record: { clientDisconnected: true, usage: { input: 10, output: 5 } },
  });
});

it("case 72: while one provider hangs, other companies at other providers are as fast as ever", async () => {
  const hanging = await rig.company(["openai-compatible"]);
  await hanging.provider("a", { hang: true });
  const healthy = await rig.company(["openai-compatible"]);
  await healthy.provider("a", {
    chunks: ['{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}'],
  });
  const ask = async (company: Company) => {
    const startedAt = Date.now();
    const response = await company.post("/v1/chat/completions", { ...BODY, stream: false });
    await response.text();
    return { status: response.status, ms: Date.now() - startedAt };
  };
  const stuck = Array.from({ length: 20 }, () => ask(hanging));
  await expect.poll(async () => (await hanging.calls()).length, { timeout: 4_000 }).toBe(20);
  const answers = [];
  for (let round = 0; round < 50; round += 1) answers.push(await ask(healthy));
  expect(answers.every((answer) => answer.status === 200)).toBe(true);
  expect(Math.max(...answers.map((answer) => answer.ms))).toBeLessThan(1_500);
  expect((await Promise.all(stuck)).every((answer) => answer.status === 504)).toBe(true);
});

it("case 70: nothing inside the account is reachable by fetch but what is bound", () => {
  const config = readFileSync(new URL("../../wrangler.toml", import.meta.url), "utf8");
  expect(config).toContain('"global_fetch_strictly_public"');
  expect(config).toMatch(/^ALLOW_PRIVATE_UPSTREAMS = "false"$/m);
  expect(config).toMatch(/^workers_dev = false$/m);
});
