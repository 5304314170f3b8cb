import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import { StoredContent } from "@aggregator/contracts/content";
import { createContentBox } from "@aggregator/runtime/content-box";
import { contentName, policyName } from "@aggregator/runtime/content-names";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Env } from "../src/env.ts";
import worker from "../src/index.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

const CONTENT_KEY = btoa("k".repeat(32));
const PROMPT = "CANARY of the prompt";
const ON = JSON.stringify({ is_enabled: true, retention_days: 7 });

/** A bucket in memory that counts its reads. */
class Bucket {
  readonly objects = new Map<string, string | Uint8Array<ArrayBuffer>>();
  reads = 0;

  async get(name: string) {
    this.reads += 1;
    const text = this.objects.get(name);
    return text === undefined ? null : { json: async (): Promise<unknown> => JSON.parse(String(text)) };
  }

  async put(name: string, value: Uint8Array<ArrayBuffer>): Promise<void> {
    this.objects.set(name, value);
  }
}

/** The Worker's environment with a bucket; doubles, which its types cannot know. */
function storingIn(bucket: object, changes: Readonly<Record<string, unknown>> = {}): Env {
  return { ...env, CONTENT: bucket, CONTENT_KEY, ...changes } as unknown as Env;
}

/** One chat through the Worker; `settled` resolves when the work after the answer has ended. */
async function chat(scene: Scene, bindings: Env, body: Record<string, unknown> = {}) {
  const ctx = createExecutionContext();
  const requestId = crypto.randomUUID();
  const response = await worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>("https://proxy.internal/v1/chat/completions", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        [CONTEXT_HEADERS.requestId]: requestId,
        [CONTEXT_HEADERS.traceparent]: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        [CONTEXT_HEADERS.principal]: JSON.stringify(scene.principal()),
        [CONTEXT_HEADERS.receivedAtMs]: String(Date.now()),
      },
      body: JSON.stringify({ model: scene.model, messages: [{ role: "user", content: PROMPT }], ...body }),
    }),
    bindings,
    ctx,
  );
  const text = await response.text();
  return { requestId, status: response.status, text, settled: () => waitOnExecutionContext(ctx) };
}

async function stored(bucket: Bucket, scene: Scene, requestId: string): Promise<StoredContent | null> {
  const name = contentName(scene.companyId, requestId);
  const sealed = bucket.objects.get(name);
  if (!(sealed instanceof Uint8Array)) return null;
  expect(new TextDecoder().decode(sealed)).not.toContain("CANARY");
  const box = await createContentBox(CONTENT_KEY);
  return StoredContent.parse(JSON.parse(await box.open(scene.companyId, name, sealed)));
}

describe("prompts and answers", () => {
  it("are not stored of a company that did not ask for it, whose policy is read once", async () => {
    const scene = await Scene.withOne(chatAnswer("CANARY"));
    const bucket = new Bucket();
    const bindings = storingIn(bucket);
    for (let request = 0; request < 3; request += 1) await (await chat(scene, bindings)).settled();
    expect([...bucket.objects.keys()]).toEqual([]);
    expect(bucket.reads).toBe(1);
  });

  it("are not stored of a company that switched it off", async () => {
    const scene = await Scene.withOne(chatAnswer("CANARY"));
    const bucket = new Bucket();
    bucket.objects.set(policyName(scene.companyId), JSON.stringify({ is_enabled: false, retention_days: 7 }));
    await (await chat(scene, storingIn(bucket))).settled();
    expect([...bucket.objects.keys()]).toEqual([policyName(scene.companyId)]);
  });

  it.each([
    ["whole", false],
    ["streamed", true],
  ])("are stored sealed, the answer as the client got it, of a company that wants it (%s)", async (_, stream) => {
    const scene = await Scene.withOne(stream ? chatStream(wholeStream()) : chatAnswer("CANARY of the answer"));
    const bucket = new Bucket();
    bucket.objects.set(policyName(scene.companyId), ON);
    const bindings = storingIn(bucket);
    // The first is kept in memory until the policy is known; the second is known at once.
    for (let request = 0; request < 2; request += 1) {
      const { requestId, text, settled } = await chat(scene, bindings, { stream });
      await settled();
      const content = await stored(bucket, scene, requestId);
      expect(content).toMatchObject({ response: text, is_truncated: false });
      expect(content?.request).toContain(PROMPT);
    }
    expect(bucket.reads).toBe(1);
  });

  it("are stored without an answer where the request failed", async () => {
    const scene = await Scene.withOne({ status: 500 });
    const bucket = new Bucket();
    bucket.objects.set(policyName(scene.companyId), ON);
    const { requestId, settled } = await chat(scene, storingIn(bucket));
    await settled();
    expect(await stored(bucket, scene, requestId)).toMatchObject({ response: null });
  });

  it("are cut at 1 MiB each, and say so", async () => {
    const scene = await Scene.withOne(chatAnswer("short"));
    const bucket = new Bucket();
    bucket.objects.set(policyName(scene.companyId), ON);
    const messages = [{ role: "user", content: "x".repeat(1_100_000) }];
    await scene.plan([scene.endpoint("a", { contextWindow: 2_000_000 })]);
    const { requestId, settled } = await chat(scene, storingIn(bucket), { messages });
    await settled();
    const content = await stored(bucket, scene, requestId);
    expect(content?.request.length).toBe(1_048_576);
    expect(content?.is_truncated).toBe(true);
  });

  it("are not stored without the key to seal them", async () => {
    const scene = await Scene.withOne(chatAnswer("CANARY"));
    const bucket = new Bucket();
    bucket.objects.set(policyName(scene.companyId), ON);
    await (await chat(scene, storingIn(bucket, { CONTENT_KEY: "" }))).settled();
    expect(bucket.objects.size).toBe(1);
  });

  it("see a change of the policy within a minute", async () => {
    const scene = await Scene.withOne(chatAnswer("CANARY"));
    const bucket = new Bucket();
    const bindings = storingIn(bucket);
    await (await chat(scene, bindings)).settled();
    bucket.objects.set(policyName(scene.companyId), ON);
    const later = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_001);
    const { requestId, settled } = await chat(scene, bindings);
    await settled();
    later.mockRestore();
    expect(await stored(bucket, scene, requestId)).not.toBeNull();
  });
});

describe("a bucket that is away", () => {
  const never = () => new Promise<never>(() => undefined);
  const refuse = () => Promise.reject(new Error("bucket away"));
  it.each([
    ["refuses reads", { get: refuse }],
    ["never answers", { get: never }],
    ["refuses writes", { get: async () => ({ json: async () => JSON.parse(ON) as unknown }), put: refuse }],
    ["never takes a write", { get: async () => ({ json: async () => JSON.parse(ON) as unknown }), put: never }],
  ])("and %s is not noticed: same answer, same settlement, no wait", async (_, bucket) => {
    const scene = await Scene.withOne(chatAnswer());
    const startedAt = performance.now();
    const { status } = await chat(scene, storingIn(bucket, { LOG_LEVEL: "error" }));
    expect(status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await scene.endings(1)).toHaveLength(1);
  });
});
