import type { MetricsMessage } from "@aggregator/contracts/metrics";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { RoutingRule, RoutingStrategy } from "@aggregator/contracts/routing";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Env } from "../src/env.ts";
import worker from "../src/index.ts";
import { conversationOf } from "../src/routing/conversation-of.ts";
import { readTags } from "../src/routing/read-tags.ts";
import { ruleFactsOf } from "../src/routing/rule-facts.ts";
import { SeenEndpoints } from "../src/routing/seen-endpoints.ts";
import { Scene, type CallOptions } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

/** A scene whose model shares its requests among `a` and `b`. */
async function shared(strategy: RoutingStrategy, isSticky: boolean, allowFallbacks = true): Promise<Scene> {
  const scene = new Scene();
  const spread = { group: 0, strategy, isSticky };
  const endpoints = ["a", "b"].map((slug) => scene.endpoint(slug, { spread }));
  await scene.plan(endpoints, { allowFallbacks });
  await scene.provider("a", chatAnswer());
  await scene.provider("b", chatAnswer());
  return scene;
}

async function servedBy(
  scene: Scene,
  times: number,
  changes: Record<string, unknown> = {},
  init: CallOptions = {},
): Promise<string[]> {
  const served: string[] = [];
  const before = (await scene.endings(0)).length;
  for (let n = 0; n < times; n += 1) {
    const answer = await scene.chat(changes, init);
    await answer.text();
    served.push(answer.headers.get("x-aggregator-provider") ?? "");
    await scene.endings(before + n + 1);
  }
  return served;
}

describe("the endpoint of each request", () => {
  it("is chosen anew by weight, also from a plan that is kept, and where nothing else may be tried", async () => {
    const scene = await shared("weighted", false, false);
    expect(new Set(await servedBy(scene, 16))).toEqual(new Set(["a", "b"]));
  });

  it("is one for a conversation, and many for many", async () => {
    const scene = await shared("weighted", true);
    expect(new Set(await servedBy(scene, 6, { prompt_cache_key: "one" })).size).toBe(1);
    const others: string[] = [];
    for (let n = 0; n < 16; n += 1) others.push(...(await servedBy(scene, 1, { user: `user-${n}` })));
    expect(new Set(others).size).toBe(2);
  });

  it("is never one that is down, however sticky the conversation", async () => {
    const scene = await shared("weighted", true);
    const [home = ""] = await servedBy(scene, 1, { prompt_cache_key: "one" });
    await scene.provider(home, { status: 500 });
    const served = await servedBy(scene, 8, { prompt_cache_key: "one" });
    expect(served).not.toContain(home);
    // Five failures trip it: from then on it is not asked at all.
    expect((await scene.providerCalls(home)).length).toBeLessThan(8);
  });
});

const rule = (match: RoutingRule["match"], effect: RoutingRule["effect"]) => [{ id: "r", name: "", match, effect }];

describe("rules", () => {
  it("are asked of each request, also from a plan that is kept", async () => {
    const scene = await shared("priority", false, false);
    const endpoints = ["a", "b"].map((slug) => scene.endpoint(slug));
    await scene.plan(endpoints, { rules: rule({ metadata: { team: "blue" } }, { prefer: ["b"] }) });
    expect(await servedBy(scene, 1, { metadata: { team: "blue" } })).toEqual(["b"]);
    expect(await servedBy(scene, 1, { metadata: { team: "red" } })).toEqual(["a"]);
    expect(await servedBy(scene, 1)).toEqual(["a"]);
  });

  it("are asked of the tags that the client sends", async () => {
    const scene = await shared("priority", false, false);
    await scene.plan(
      ["a", "b"].map((slug) => scene.endpoint(slug)),
      { rules: rule({ tags: ["eu"] }, { only: ["b"] }) },
    );
    const tagged = (tags: string) => ({ headers: { "x-aggregator-tags": tags } });
    expect(await servedBy(scene, 1, {}, tagged("batch, eu"))).toEqual(["b"]);
    expect(await servedBy(scene, 1, {}, tagged("europe"))).toEqual(["a"]);
    expect(await servedBy(scene, 1)).toEqual(["a"]);
  });

  it.each<[string, string]>([
    ["none", ""],
    ["an empty one", "a,,b"],
    ["too many", Array.from({ length: 17 }, (_, at) => `t${at}`).join()],
    ["one too long", "x".repeat(65)],
    ["other letters", "a b"],
    ["markup", "<b>"],
  ])("tags that cannot be are refused by name, and nothing is held: %s", async (_, tags) => {
    const scene = await shared("priority", false);
    const answer = await scene.chat({}, { headers: { "x-aggregator-tags": tags } });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { param: "x-aggregator-tags" } }]);
    expect(await scene.providerCalls("a")).toEqual([]);
  });

  it("tags are each taken once, and the longest list that may be passes", () => {
    const longest = Array.from({ length: 16 }, (_, at) => `${at}`.padStart(64, "x"));
    expect(readTags(new Headers({ "x-aggregator-tags": longest.join(" , ") }))).toEqual({ ok: true, value: longest });
    expect(readTags(new Headers({ "x-aggregator-tags": "b,a,b" }))).toEqual({ ok: true, value: ["b", "a"] });
    expect(readTags(new Headers())).toEqual({ ok: true, value: [] });
  });

  it("that leave no endpoint refuse the request, and nothing is held", async () => {
    const scene = await shared("priority", false);
    await scene.plan([scene.endpoint("a")], { rules: rule({}, { ignore: ["a"] }) });
    const answer = await scene.chat({});
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: "no_endpoint_available" } }]);
    expect(await scene.providerCalls("a")).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, boolean]>([
    ["tools", { tools: [{}] }, true],
    ["tools by their old name", { functions: [{}] }, true],
    ["none", { tools: [] }, false],
    ["what is no list", { tools: "x", metadata: "y" }, false],
  ])("see %s", (_, body, hasTools) => {
    const facts = ruleFactsOf({ body, input: { maxTokens: 9, likelyTokens: 3 } }, ["eu"]);
    expect(facts).toEqual({ inputTokens: 3, hasTools, metadata: {}, tags: ["eu"] });
  });
});

describe("the name of a conversation", () => {
  const hello = { role: "user", content: "Hello" };

  it.each([
    ["grows with its turns", { messages: [hello, hello] }, { messages: [hello, hello, hello] }, true],
    ["differs by how it begins", { messages: [hello] }, { messages: [{ ...hello, content: "Bye" }] }, false],
    ["differs by its system prompt", { system: "a", messages: [hello] }, { system: "b", messages: [hello] }, false],
    ["is what the client says", { prompt_cache_key: "k", messages: [hello] }, { prompt_cache_key: "k" }, true],
    ["is the user's where only that is said", { user: "u", messages: [hello] }, { user: "u" }, true],
    ["is read of Responses too", { input: [hello, hello] }, { input: [hello, hello, hello] }, true],
  ])("%s", (_, a, b, isSame) => {
    expect(conversationOf("c", a) === conversationOf("c", b)).toBe(isSame);
    expect(conversationOf("c", a)).not.toBe(conversationOf("d", a));
  });

  it.each([{}, { messages: [] }, { prompt: "x" }, { messages: "x" }])("is none of %j", (body) => {
    expect(conversationOf("c", body)).toBeNull();
  });
});

describe("what is seen of endpoints", () => {
  it("counts what is under way, and nothing when it is over", () => {
    const seen = new SeenEndpoints();
    const [first, second] = [seen.begin("a"), seen.begin("a")];
    expect([seen.loadOf("a"), seen.loadOf("b")]).toEqual([2, 0]);
    first();
    second();
    expect(seen.loadOf("a")).toBe(0);
  });

  it("moves a measurement a fifth of the way to the newest, and keeps it where nothing was measured", () => {
    const seen = new SeenEndpoints();
    expect(seen.speedOf("a")).toBeUndefined();
    seen.note("a", { firstTokenMs: 100, tokensPerSecond: null });
    expect(seen.speedOf("a")).toEqual({ firstTokenMs: 100, tokensPerSecond: null });
    seen.note("a", { firstTokenMs: 200, tokensPerSecond: 50 });
    expect(seen.speedOf("a")).toEqual({ firstTokenMs: 120, tokensPerSecond: 50 });
    seen.note("a", { firstTokenMs: null, tokensPerSecond: 100 });
    expect(seen.speedOf("a")).toEqual({ firstTokenMs: 120, tokensPerSecond: 60 });
  });
});

describe("a provider on trial", () => {
  const trial = (percent: number) => rule({}, { shadow: { provider: "b", percent } });
  const copies = async (scene: Scene) => {
    await vi.waitFor(async () => expect(await scene.providerCalls("b")).toHaveLength(1), 4_000);
    return scene.sent("b");
  };

  it.each([
    ["an answer", chatAnswer("shadow")],
    ["a failure", { status: 500 }],
    ["no answer", { hang: true }],
  ])("that gives %s gets a copy: the client, the record and the charge know nothing of it", async (_, script) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("b"), scene.endpoint("a")], { rules: trial(100) });
    await scene.provider("a", chatAnswer("real"));
    await scene.provider("b", script);
    const response = await scene.chat();
    expect(response.headers.get("x-aggregator-provider")).toBe("a");
    expect(response.headers.get("x-aggregator-attempts")).toBe("1");
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: "real" } }] });
    expect(await copies(scene)).toMatchObject({ model: "upstream-b" });
    const [ending] = await scene.endings(1);
    expect(ending).toMatchObject({ kind: "settle", priceNanoUsd: 20_000, record: { attempts: [{ provider: "a" }] } });
    expect((await scene.accountLog()).reserves).toHaveLength(1);
  });

  it("has a stream's copy read to its end: outcome and cost, which is the platform's, are in the metrics", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b")], { rules: trial(100) });
    await scene.provider("a", chatStream(wholeStream()));
    await scene.provider("b", chatStream(wholeStream(), { betweenMs: 20 }));
    const sent: MetricsMessage[] = [];
    const METRICS = { send: (message: MetricsMessage) => Promise.resolve(sent.push(message)) };
    // The bindings are doubles, which their types cannot know.
    const bindings = { ...env, METRICS, METRICS_INTERVAL_MS: "200" } as unknown as Env;
    const body = { model: scene.model, stream: true, messages: [{ role: "user", content: "Hello" }] };
    const ctx = createExecutionContext();
    const response = await worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>("https://proxy.internal/v1/chat/completions", {
        method: "POST",
        headers: scene.headers(),
        body: JSON.stringify(body),
      }),
      bindings,
      ctx,
    );
    expect(await response.text()).toContain("[DONE]");
    await waitOnExecutionContext(ctx);
    expect(await copies(scene)).toMatchObject({ stream: true });
    const counts = sent.flatMap((message) => message.counts);
    const provider = "b";
    for (const [name, labels, increase] of [
      ["aggregator_shadow_requests_total", { provider, outcome: "success" }, 1],
      ["aggregator_shadow_cost_nano_usd_total", { provider }, 20_000],
    ] as const) {
      expect(counts).toContainEqual({ name, labels, increase });
    }
  });

  it("serves nothing and gets nothing beyond its share; alone it serves", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("b"), scene.endpoint("a")], { rules: trial(0) });
    await scene.provider("a", chatAnswer());
    expect((await scene.chat()).headers.get("x-aggregator-provider")).toBe("a");
    const alone = new Scene();
    await alone.plan([alone.endpoint("b")], { rules: trial(100) });
    await alone.provider("b", chatAnswer());
    expect((await alone.chat()).headers.get("x-aggregator-provider")).toBe("b");
    expect([await scene.providerCalls("b"), await alone.providerCalls("b")].map(({ length }) => length)).toEqual([
      0, 1,
    ]);
  });

  it.each<[string, Partial<PlannedEndpoint>, ReturnType<typeof rule>]>([
    ["the company's own key", { credential: { id: "own", secret: "own", owner: "company" } }, []],
    ["a provider that another rule forbids", {}, rule({}, { ignore: ["b"] })],
  ])("never gets a copy with %s", async (_, changes, rules) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b", changes)], { rules: [...trial(100), ...rules] });
    await scene.provider("a", chatAnswer());
    await (await scene.chat()).text();
    await scene.endings(1);
    expect(await scene.providerCalls("b")).toEqual([]);
  });
});
