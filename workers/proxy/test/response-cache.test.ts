import { describe, expect, it } from "vitest";
import { readCachePolicy } from "../src/cache/cache-policy.ts";
import { canonical } from "../src/cache/cache-key.ts";
import { chunksOf } from "./support/chunks.ts";
import { Scene, type CallOptions } from "./support/harness.ts";
import { chatAnswer, chatStream, usageOf, wholeStream } from "./support/wire.ts";

const cached: CallOptions = { headers: { "x-aggregator-cache": "max-age=60" } };

describe("the header x-aggregator-cache", () => {
  it.each<[header: string | null, key: number | null, expected: object | null]>([
    [null, null, null],
    [null, 60, { maxAgeSeconds: 60, mayRead: true }],
    ["max-age=600", null, { maxAgeSeconds: 600, mayRead: true }],
    ["MAX-AGE=600, no-cache", 60, { maxAgeSeconds: 600, mayRead: false }],
    ["no-store", 60, null],
    ["max-age=0", 60, null],
    ["max-age=999999999", null, { maxAgeSeconds: 86_400, mayRead: true }],
    ["no-cache", null, null],
  ])("%j over a key's %j", (header, key, expected) => {
    const headers = new Headers(header === null ? {} : { "x-aggregator-cache": header });
    expect(readCachePolicy(headers, key)).toEqual({ ok: true, value: expected });
  });

  it.each(["max-age", "max-age=-1", "max-age=1.5", "private", ""])("%j is refused", (header) => {
    expect(readCachePolicy(new Headers({ "x-aggregator-cache": header }), null)).toMatchObject({
      ok: false,
      error: { code: "invalid_request", param: "x-aggregator-cache" },
    });
  });
});

it.each([
  ['{"b":1,"a":[{"d":null,"c":"x"}]}', '{"a":[{"c":"x","d":null}],"b":1}'],
  ['"x"', '"x"'],
])("canonical JSON of %s", (text, expected) => {
  expect(canonical(JSON.parse(text))).toBe(expected);
});

describe("the response cache", () => {
  it("is off unless somebody asks", async () => {
    const scene = await Scene.withOne(chatAnswer());
    for (const count of [1, 2]) {
      const response = await scene.chat();
      expect(response.headers.has("x-aggregator-cache")).toBe(false);
      await scene.endings(count);
    }
    expect(await scene.providerCalls("a")).toHaveLength(2);
    expect((await scene.endings())[0]?.record.cache).toBe("off");
  });

  it("gives the same request its first answer, free, on the record, under the same limits", async () => {
    const scene = await Scene.withOne(chatAnswer("first"), chatAnswer("second"));
    const first = await scene.chat({ seed: 1, temperature: 0 }, cached);
    expect(first.headers.get("x-aggregator-cache")).toBe("miss");
    await first.text();
    await scene.endings(1);
    const second = await scene.chat({ temperature: 0, seed: 1 }, cached);
    expect(second.headers.get("x-aggregator-cache")).toBe("hit");
    expect(second.headers.get("x-aggregator-provider")).toBe("a");
    expect(await second.json()).toMatchObject({
      vendor_field: { kept: true },
      choices: [{ message: { content: "first" } }],
      usage: { prompt_tokens: 10, cost_nano_usd: 0, cost: "0.000000000" },
    });
    const endings = await scene.endings(2);
    expect(endings[0]).toMatchObject({ kind: "settle", priceNanoUsd: 20_000, record: { cache: "miss" } });
    expect(endings[1]).toMatchObject({
      kind: "settle",
      priceNanoUsd: 0,
      costNanoUsd: 0,
      record: { cache: "hit", attempts: [] },
    });
    // What the plan takes a share of; its account knows which.
    expect((await scene.accountLog()).reserves[1]).toMatchObject({
      holdNanoUsd: 20_000,
      isCacheHit: true,
      promptNanoUsd: 0,
      estimatedTokens: 0,
    });
    expect(await scene.providerCalls("a")).toHaveLength(1);
  });

  it.each([false, true])(
    "costs the share of its price that the plan takes, markup included; streamed: %s",
    async (stream) => {
      const scene = await Scene.withOne(chatStream(wholeStream()));
      await scene.account({ cacheHitBps: 1_001, markupBps: 5_000 });
      const asked = { stream: true, stream_options: { include_usage: true } };
      await (await scene.chat(asked, cached)).text();
      await scene.endings(1);
      const second = await (await scene.chat(stream ? asked : {}, cached)).text();
      // 20,000 nano-USD anew; a tenth and a thousandth of a tenth of it is 2,002, with half as much again 3,003.
      expect(second).toContain('"cost_nano_usd":3003,"cost":"0.000003003"');
      const [, ending] = await scene.endings(2);
      expect(ending).toMatchObject({ kind: "settle", priceNanoUsd: 3_003, costNanoUsd: 0, record: { cache: "hit" } });
    },
  );

  it("is free where the company's own key would pay, whatever the plan takes", async () => {
    const scene = new Scene();
    const { price, ...endpoint } = scene.endpoint("a");
    await scene.plan([{ ...endpoint, price: { ...price, feeBps: 500 } }]);
    await scene.provider("a", chatAnswer());
    await scene.account({ cacheHitBps: 10_000 });
    await (await scene.chat({}, cached)).text();
    await scene.endings(1);
    await (await scene.chat({}, cached)).text();
    expect((await scene.endings(2))[1]).toMatchObject({ priceNanoUsd: 0, record: { cache: "hit" } });
  });

  it.each<[name: string, first: [object, CallOptions], second: [object, CallOptions]]>([
    ["another body", [{ seed: 1 }, cached], [{ seed: 2 }, cached]],
    ["other tags", [{}, cached], [{}, { headers: { "x-aggregator-cache": "max-age=60", "x-aggregator-tags": "eu" } }]],
    ["no-cache", [{}, cached], [{}, { headers: { "x-aggregator-cache": "max-age=60, no-cache" } }]],
    ["no-store on the first", [{}, { headers: { "x-aggregator-cache": "no-store" } }], [{}, cached]],
  ])("asks the provider for %s", async (_, first, second) => {
    const scene = await Scene.withOne(chatAnswer());
    await (await scene.chat(first[0] as Record<string, unknown>, first[1])).text();
    await scene.endings(1);
    const response = await scene.chat(second[0] as Record<string, unknown>, second[1]);
    expect(response.headers.get("x-aggregator-cache")).toBe("miss");
    await response.text();
    await scene.endings(2);
    expect(await scene.providerCalls("a")).toHaveLength(2);
  });

  it("case 46: never gives one company's answer to another", async () => {
    const scene = await Scene.withOne(chatAnswer("private"));
    await (await scene.chat({}, cached)).text();
    await scene.endings(1);
    const other = new Scene();
    await other.provider("a", chatAnswer("other"));
    // The same model and body, another company.
    Object.assign(other, { model: scene.model });
    await other.plan([other.endpoint("a")]);
    const response = await other.chat({}, cached);
    expect(response.headers.get("x-aggregator-cache")).toBe("miss");
    expect(await response.text()).toContain("other");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  it("does not keep what failed or broke off", async () => {
    const scene = await Scene.withOne(chatStream(wholeStream().slice(0, 2)), chatStream(wholeStream(["whole"])));
    expect(await (await scene.chat({ stream: true }, cached)).text()).toContain("upstream_error");
    await scene.endings(1);
    const second = await scene.chat({ stream: true }, cached);
    expect(second.headers.get("x-aggregator-cache")).toBe("miss");
    expect(await second.text()).toContain("whole");
  });

  it("gives a stream again as a stream, and as JSON", async () => {
    const scene = await Scene.withOne(chatStream(wholeStream(["Hel", "lo"])));
    const asked = { stream: true, stream_options: { include_usage: true } };
    const text = await (await scene.chat(asked, cached)).text();
    await scene.endings(1);
    const again = await scene.chat(asked, cached);
    expect(again.headers.get("content-type")).toContain("text/event-stream");
    expect(await again.text()).toBe(
      text.replace(/"cost_nano_usd":\d+,"cost":"[^"]*"/, '"cost_nano_usd":0,"cost":"0.000000000"'),
    );
    await scene.endings(2);
    const whole = await scene.chat({}, cached);
    expect(whole.headers.get("x-aggregator-cache")).toBe("hit");
    expect(await whole.json()).toMatchObject({
      object: "chat.completion",
      choices: [{ message: { content: "Hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 10, completion_tokens: 5, cost_nano_usd: 0 },
    });
    expect(await scene.providerCalls("a")).toHaveLength(1);
  });

  it("gives a complete answer again as a stream", async () => {
    const scene = await Scene.withOne(chatAnswer("Hello there", usageOf(10, 5)));
    await (await scene.chat({}, cached)).text();
    await scene.endings(1);
    const stream = await scene.chat({ stream: true, stream_options: { include_usage: true } }, cached);
    const { message, finish, usage, isDone } = chunksOf(await stream.text());
    expect([message.content, finish, isDone]).toEqual(["Hello there", "stop", true]);
    expect(usage).toMatchObject({ prompt_tokens: 10, cost_nano_usd: 0 });
    expect(await scene.providerCalls("a")).toHaveLength(1);
  });

  it("by the key's own setting", async () => {
    const scene = await Scene.withOne(chatAnswer());
    const principal = scene.principal({ cacheMaxAgeSeconds: 60 });
    await (await scene.chat({}, { principal })).text();
    await scene.endings(1);
    expect((await scene.chat({}, { principal })).headers.get("x-aggregator-cache")).toBe("hit");
  });

  it("still asks the account: a company without balance or over its limit gets no answer", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await (await scene.chat({}, cached)).text();
    await scene.endings(1);
    await scene.account({ reserveError: { code: "rate_limit_exceeded", message: "Slow down." } });
    expect((await scene.chat({}, cached)).status).toBe(429);
  });
});
