import { randomUUID } from "node:crypto";
import type OpenAI from "openai";
import {
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { until } from "./support/ledger.ts";
import { ask, collect, errorOf, openAi } from "./support/openai.ts";
import { Operator } from "./support/operator.ts";
import { Sandbox } from "./support/sandbox.ts";
import { Platform, textAt } from "./walk/platform.ts";

let platform: Platform;
let operator: Operator;
let sandbox: Sandbox;
let client: OpenAI;

beforeAll(async () => {
  platform = await Platform.fromFile();
  operator = await Operator.signIn(platform);
  sandbox = new Sandbox(await operator.sandboxUrl());
  client = openAi(platform);
});

describe("the openai client, with nothing changed but base_url and key", () => {
  it("is answered a chat, with what it cost", async () => {
    const answer = await client.chat.completions.create(ask("Hello there"));
    expect(answer.choices[0]?.message).toMatchObject({ role: "assistant", content: "Hello there" });
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    const { prompt_tokens: prompt = 0, completion_tokens: completion = 0 } = answer.usage ?? {};
    expect([prompt, completion]).toEqual([4, 2]);
    const costNanoUsd = prompt * 1_000 + completion * 2_000;
    expect(answer.usage).toMatchObject({ cost_nano_usd: costNanoUsd, cost: "0.000008000" });
  });

  it("streams a chat in pieces, without a usage frame that it did not ask for", async () => {
    const stream = await client.chat.completions.create({ ...ask("one two three"), stream: true });
    const chunks = await collect(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("one two three");
    expect(chunks.filter(({ choices }) => choices.length === 0)).toEqual([]);
    expect(chunks.filter(({ usage }) => usage !== undefined && usage !== null)).toEqual([]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("stop");
  });

  it("gets the usage at the end of a stream when it asks for it", async () => {
    const options = { stream: true as const, stream_options: { include_usage: true } };
    const chunks = await collect(await client.chat.completions.create({ ...ask("one two three"), ...options }));
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 3, cost_nano_usd: 5 * 1_000 + 3 * 2_000 },
    });
  });

  it("sees the first piece before the last one is made", async () => {
    const slow = { tokens: 20, chunk_delay_ms: 40 };
    const startedAtMs = performance.now();
    const stream = await client.chat.completions.create({ ...ask("x", { sandbox: slow }), stream: true });
    let firstAtMs = 0;
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? "") !== "") firstAtMs ||= performance.now() - startedAtMs;
    }
    const lastAtMs = performance.now() - startedAtMs;
    expect(lastAtMs).toBeGreaterThanOrEqual(800);
    expect(firstAtMs).toBeLessThan(lastAtMs - 400);
  });

  it("calls its tools and carries on with their answers", async () => {
    const cities: string[] = [];
    const tool = {
      type: "function" as const,
      function: {
        name: "weather",
        description: "Weather of a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        parse: (text: string) => JSON.parse(text) as { city: string },
        function: ({ city }: { city: string }) => {
          cities.push(city);
          return "sunny and warm";
        },
      },
    };
    const runner = client.chat.completions.runTools({ ...ask("Weather in Paris?"), tools: [tool] });
    expect(await runner.finalContent()).toBe("sunny and warm");
    expect(cities).toEqual(["text"]);
  });

  it("streams a tool call whose parts make valid arguments", async () => {
    const parameters = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };
    const tools = [{ type: "function" as const, function: { name: "count", parameters } }];
    const stream = client.chat.completions.stream({ ...ask("count"), tools });
    const [choice] = (await stream.finalChatCompletion()).choices;
    expect(choice?.finish_reason).toBe("tool_calls");
    expect(choice?.message.tool_calls).toMatchObject([{ function: { name: "count", arguments: '{"n":1}' } }]);
  });

  it("gets JSON of the schema that it asked for", async () => {
    const schema = {
      type: "object",
      properties: { name: { type: "string" }, tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 1 } },
      required: ["name", "tags"],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.parse({
      ...ask("x"),
      response_format: { type: "json_schema", json_schema: { name: "thing", strict: true, schema } },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toEqual({ name: "text", tags: ["a"] });
  });

  it("lists models and reads one, its id raw or encoded", async () => {
    const ids = (await collect(client.models.list())).map(({ id }) => id);
    expect(ids).toContain("sandbox/echo");
    expect(await client.models.retrieve("sandbox/echo")).toMatchObject({ id: "sandbox/echo", object: "model" });
    const raw = await platform.send("GET", "/v1/models/sandbox/echo", {
      headers: { authorization: `Bearer ${platform.credentials.api_key}` },
    });
    expect(raw.body).toMatchObject({ id: "sandbox/echo" });
  });

  it("aborts a stream, and the provider is stopped", async () => {
    const label = randomUUID();
    const slow = ask("x", { sandbox: { label, tokens: 1_000, chunk_delay_ms: 50 } });
    const stream = await client.chat.completions.create({ ...slow, stream: true });
    let pieces = 0;
    for await (const chunk of stream) {
      pieces += chunk.choices.length;
      if (pieces >= 3) stream.controller.abort();
    }
    const call = await until(5_000, async () => {
      const [upstream] = await sandbox.calls(label);
      return upstream?.state === "aborted" ? upstream : null;
    });
    expect(call.produced).toBeLessThan(200);
  });

  it("aborts before the first byte with the client's own error", async () => {
    const controller = new AbortController();
    const request = client.chat.completions.create(ask("x", { sandbox: { delay_ms: 3_000 } }), {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 100);
    expect(await errorOf(request)).toBeInstanceOf(APIUserAbortError);
  });

  it("embeds texts", async () => {
    const { data, usage } = await client.embeddings.create({ model: "sandbox/echo", input: ["one", "two"] });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(usage).toMatchObject({ prompt_tokens: 2, cost_nano_usd: 2_000 });
  });

  it("uses the responses endpoint, whole and streamed", async () => {
    const whole = await client.responses.create({ model: "sandbox/echo", input: "one two" });
    expect(whole.output_text).toBe("one two");
    expect(whole.usage).toMatchObject({ output_tokens: 2 });
    const stream = client.responses.stream({ model: "sandbox/echo", input: "one two" });
    expect((await stream.finalResponse()).output_text).toBe("one two");
  });
});

describe("its typed errors", () => {
  it.each([
    ["that is not ours", "sk-wrong"],
    ["of our shape that nobody has", `ag_live_${"0".repeat(40)}`],
  ])("AuthenticationError for a key %s", async (_, key) => {
    const error = await errorOf(openAi(platform, key).chat.completions.create(ask("x")));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: "invalid_api_key", type: "authentication_error" });
  });

  it("NotFoundError for an unknown model", async () => {
    const error = await errorOf(client.chat.completions.create({ ...ask("x"), model: "nobody/nothing" }));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
  });

  it("RateLimitError with retry-after for a key of one request a minute", async () => {
    const key = await keyWith({ rate_limits: { requests_per_minute: 1 } });
    const limited = openAi(platform, key);
    const { response } = await limited.chat.completions.create(ask("x")).withResponse();
    expect(response.headers.get("x-ratelimit-limit-requests")).toBe("1");
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("0");
    const error = await errorOf(limited.chat.completions.create(ask("x")));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: "rate_limit_exceeded" });
    const retryAfter = Number((error as RateLimitError).headers?.get("retry-after"));
    expect(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 60).toBe(true);
  });

  it("a 402 with the code insufficient_balance", async () => {
    const model = await operator.addModel({ prices: { input: "1", output: "1", request: "1000" } });
    const error = await errorOf(client.chat.completions.create({ ...ask("x"), model }));
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 402, code: "insufficient_balance", type: "insufficient_quota" });
  });

  it.each([
    ["messages", { messages: [] }],
    ["messages.0.content", { messages: [{ role: "user", content: 7 }] }],
    ["max_tokens", { max_tokens: 0 }],
    ["max_completion_tokens", { max_completion_tokens: 1.5 }],
    ["n", { n: -1 }],
    ["stream", { stream: "yes" }],
  ])("BadRequestError naming %s", async (param, fields) => {
    const error = await errorOf(client.chat.completions.create(ask("x", fields)));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, param, type: "invalid_request_error" });
  });

  it("InternalServerError for a provider that fails, with none of its words", async () => {
    const failing = { status: 500, message: "stack trace of the provider" };
    const error = await errorOf(client.chat.completions.create(ask("x", { sandbox: failing })));
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ status: 502, code: "upstream_error" });
    expect(JSON.stringify((error as InternalServerError).error)).not.toContain("stack trace");
  });

  it("an error in the middle of a stream, never a clean end", async () => {
    for (const fault of [{ cut_after_chunks: 3 }, { error_frame: 3 }, { malformed_json: true }]) {
      const stream = await client.chat.completions.create({
        ...ask("one two three four five", { sandbox: fault }),
        stream: true,
      });
      const error = await errorOf(collect(stream));
      expect([fault, error instanceof APIError]).toEqual([fault, true]);
    }
  });
});

/** A key of the demo company. */
async function keyWith(fields: Readonly<Record<string, unknown>>): Promise<string> {
  const session = await platform.sendJson("POST", "/v1/auth/login", platform.credentials.company);
  const token = textAt(session.body, "access_token");
  return textAt((await platform.sendJson("POST", "/v1/api-keys", { name: "e2e", ...fields }, token)).body, "key");
}
