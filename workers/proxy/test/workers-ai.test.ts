import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { describe, expect, it } from "vitest";
import type { WorkersAi } from "../src/env.ts";
import { type CallOptions, Scene } from "./support/harness.ts";
import payloads from "./fixtures/workers-ai.json" with { type: "json" };

/** The binding as the runtime has it with `returnRawResponse`: it answers with what the service said. */
class AiDouble implements WorkersAi {
  readonly calls: { model: string; inputs: Record<string, unknown>; signal: AbortSignal | undefined }[] = [];
  readonly #answer: () => Response;

  constructor(answer: () => Response) {
    this.#answer = answer;
  }

  async run(model: string, inputs: Record<string, unknown>, options: { readonly signal?: AbortSignal }) {
    this.calls.push({ model, inputs, signal: options.signal });
    return this.#answer();
  }

  static json(body: unknown, status = 200): AiDouble {
    return new AiDouble(() => Response.json(body, { status }));
  }

  static events(frames: readonly unknown[]): AiDouble {
    const text = frames.map((frame) => `data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`);
    return new AiDouble(
      () => new Response([...text, "data: [DONE]\n\n"].join(""), { headers: { "content-type": "text/event-stream" } }),
    );
  }
}

async function sceneOf(changes: Partial<PlannedEndpoint> = {}): Promise<Scene> {
  const scene = new Scene();
  const own = scene.endpoint("cf", {
    kind: "workers-ai",
    baseUrl: "https://api.cloudflare.com",
    upstreamModel: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
    ...changes,
  });
  await scene.plan([{ ...own, credential: { ...own.credential, secret: null } }]);
  return scene;
}

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } } },
  },
};

function deltasOf(
  text: string,
): { choices: { delta: { content?: string; tool_calls?: CallDelta[] }; finish_reason: string | null }[] }[] {
  return text
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)) as ReturnType<typeof deltasOf>[number]);
}

describe("Workers AI by its binding", () => {
  it("answers a chat, billed by the usage it reports, with the client's limit and a signal to stop it", async () => {
    const scene = await sceneOf();
    const ai = AiDouble.json(payloads.text);
    const response = await scene.chat({ temperature: 0.2, max_tokens: 50, stop: "END" }, { ai });
    expect(response.headers.get("x-aggregator-provider")).toBe("cf");
    expect(await response.json()).toMatchObject({
      object: "chat.completion",
      model: scene.model,
      choices: [{ message: { role: "assistant", content: "Hello there." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 36, completion_tokens: 4, cost_nano_usd: 36_000 + 8_000 },
    });
    expect(ai.calls).toEqual([
      {
        model: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
        inputs: { messages: [{ role: "user", content: "Hello" }], temperature: 0.2, max_tokens: 50, stop: ["END"] },
        signal: ai.calls[0]?.signal,
      },
    ]);
    expect(ai.calls[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(await scene.endings(1)).toMatchObject([{ kind: "settle" }]);
  });

  it("says the model's own limit where the client says none: the default would be 256 tokens", async () => {
    const scene = await sceneOf({ maxOutputTokens: 900 });
    const ai = AiDouble.json(payloads.text);
    await (await scene.chat({}, { ai })).text();
    expect(ai.calls[0]?.inputs["max_tokens"]).toBe(900);
  });

  it("streams, its last event being the usage", async () => {
    const scene = await sceneOf();
    const ai = AiDouble.events(payloads.textStream);
    const text = await (await scene.chat({ stream: true, stream_options: { include_usage: true } }, { ai })).text();
    const chunks = deltasOf(text);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("Hello 2 you");
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 36, completion_tokens: 3, cost_nano_usd: 42_000 } });
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(ai.calls[0]?.inputs).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it("calls tools in its own shape and in OpenAI's, whole and streamed", async () => {
    const scene = await sceneOf();
    const called = { name: "get_weather", arguments: '{"city":"Lyon"}' };
    const body = { tools: [weather], tool_choice: { type: "function", function: { name: "get_weather" } } };
    for (const answer of [payloads.tools, payloads.openAiTools]) {
      const ai = AiDouble.json(answer);
      expect(await (await scene.chat(body, { ai })).json()).toMatchObject({
        choices: [{ message: { tool_calls: [{ function: called }] }, finish_reason: "tool_calls" }],
      });
      expect(ai.calls[0]?.inputs).toMatchObject({ tools: [weather], tool_choice: "required" });
    }
    for (const frames of [payloads.toolsStream, payloads.openAiToolsStream]) {
      const text = await (await scene.chat({ ...body, stream: true }, { ai: AiDouble.events(frames) })).text();
      const calls = deltasOf(text).flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
      expect(calls.find((call) => call.id !== undefined)?.function.name).toBe("get_weather");
      expect(calls.map((call) => call.function.arguments ?? "").join("")).toBe('{"city":"Lyon"}');
      expect(text).toContain('"finish_reason":"tool_calls"');
    }
  });

  it("gives the object of JSON mode as text, its schema having gone bare", async () => {
    const scene = await sceneOf();
    const ai = AiDouble.json({ ...payloads.text, response: { city: "Lyon" } });
    const schema = { type: "object", properties: { city: { type: "string" } } };
    const format = { type: "json_schema", json_schema: { name: "place", schema } };
    const response = await scene.chat({ response_format: format }, { ai });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: '{"city":"Lyon"}' } }] });
    expect(ai.calls[0]?.inputs["response_format"]).toEqual({ type: "json_schema", json_schema: schema });
  });

  it("serves Anthropic's clients too", async () => {
    const scene = await sceneOf();
    const body = { model: scene.model, max_tokens: 20, messages: [{ role: "user", content: "Hello" }] };
    const response = await scene.request("/v1/messages", body, { ai: AiDouble.json(payloads.text) });
    expect(await response.json()).toMatchObject({
      type: "message",
      content: [{ type: "text", text: "Hello there." }],
      usage: { input_tokens: 36, output_tokens: 4 },
    });
  });

  it("embeds texts, estimated where no usage is reported", async () => {
    const scene = await sceneOf({ upstreamModel: "@cf/baai/bge-m3" });
    const ai = AiDouble.json(payloads.embeddings);
    const response = await scene.request("/v1/embeddings", { model: scene.model, input: ["a", "b"] }, { ai });
    expect(await response.json()).toMatchObject({
      data: [
        { index: 0, embedding: [0.25, -0.5] },
        { index: 1, embedding: [1, 0] },
      ],
    });
    expect(ai.calls).toMatchObject([{ model: "@cf/baai/bge-m3", inputs: { text: ["a", "b"] } }]);
    expect(await scene.endings(1)).toMatchObject([{ kind: "settle", usageQuality: "estimated" }]);
  });
});

interface CallDelta {
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments?: string };
}

describe("a failure of Workers AI", () => {
  it.each([
    ["of the client is shown to it", 400, payloads.invalid, 400, "client_error"],
    ["for lack of capacity is the provider's, not a rate limit", 429, payloads.outOfCapacity, 502, "server_error"],
    ["for an allowance used up is our account's", 429, payloads.accountLimited, 502, "out_of_credit"],
  ])("%s", async (_, status, body, shown, outcome) => {
    const scene = await sceneOf();
    const response = await scene.chat({}, { ai: AiDouble.json(body, status) });
    expect(response.status).toBe(shown);
    const [ending] = await scene.endings(1);
    expect(ending?.kind).toBe("release");
    expect(ending?.record.attempts[0]).toMatchObject({ outcome, status });
  });
});

describe("where Workers AI is not bound", () => {
  const post = (scene: Scene, init: CallOptions = {}) => scene.chat({}, init);

  it("its endpoint is refused before a hold, telling why", async () => {
    const scene = await sceneOf();
    const response = await post(scene);
    expect(response.status).toBe(503);
    const { error } = await response.json<{ error: { code: string; message: string } }>();
    expect(error.code).toBe("no_endpoint_available");
    expect(error.message).toContain("not bound");
    expect((await scene.accountLog()).reserves).toEqual([]);
  });

  it("another provider of the model serves", async () => {
    const scene = new Scene();
    const own = scene.endpoint("cf", { kind: "workers-ai", baseUrl: "https://api.cloudflare.com" });
    await scene.plan([own, scene.endpoint("b")]);
    await scene.provider("b", {
      chunks: [JSON.stringify({ choices: [{ index: 0, message: { content: "Hi" }, finish_reason: "stop" }] })],
    });
    const response = await post(scene);
    expect([response.status, response.headers.get("x-aggregator-provider")]).toEqual([200, "b"]);
  });
});
