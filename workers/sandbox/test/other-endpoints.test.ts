import { describe, expect, it } from "vitest";
import { framesOf, post, send } from "./support.ts";

describe("embeddings", () => {
  it("are unit vectors that depend on the text alone", async () => {
    const answer = await vectorsOf({ input: ["one", "two", "one"] });
    const [first, second, third] = answer.data.map(({ embedding }) => embedding);
    expect(first).toEqual(third);
    expect(first).not.toEqual(second);
    expect(Math.hypot(...(first ?? []))).toBeCloseTo(1, 9);
    expect(answer.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
  });

  it("come as base64 of 32-bit floats, in the dimensions asked for", async () => {
    const [plain, packed] = await Promise.all([
      vectorsOf({ input: "x", dimensions: 3 }),
      post("/v1/embeddings", { input: "x", dimensions: 3, encoding_format: "base64" }).then((response) =>
        response.json<{ data: { embedding: string }[] }>(),
      ),
    ]);
    const bytes = Uint8Array.from(atob(packed.data[0]?.embedding ?? ""), (character) => character.charCodeAt(0));
    expect([...new Float32Array(bytes.buffer)]).toEqual(plain.data[0]?.embedding.map(Math.fround));
  });

  async function vectorsOf(fields: Readonly<Record<string, unknown>>) {
    const response = await post("/v1/embeddings", fields);
    return response.json<{ data: { embedding: number[] }[]; usage: unknown }>();
  }
});

describe("responses", () => {
  it("answers one message with exact usage", async () => {
    const response = await post("/v1/responses", { input: "one two", instructions: "be brief" });
    expect(await response.json()).toMatchObject({
      object: "response",
      status: "completed",
      output: [{ type: "message", content: [{ type: "output_text", text: "one two" }] }],
      usage: { input_tokens: Math.ceil("systembe briefuserone two".length / 4), output_tokens: 2 },
    });
  });

  it("streams the events in their order, with the usage in the last one", async () => {
    const { frames } = await framesOf(await post("/v1/responses", { input: "one two", stream: true }));
    expect(frames.map(({ event }) => event)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(JSON.parse(frames.at(-1)?.data ?? "")).toMatchObject({
      sequence_number: 9,
      response: { usage: { output_tokens: 2 } },
    });
  });

  it("is incomplete at its output limit", async () => {
    const response = await post("/v1/responses", { input: "one two", max_output_tokens: 1 });
    expect(await response.json()).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      usage: { output_tokens: 1 },
    });
  });
});

describe("routes", () => {
  it("lists the model echo", async () => {
    expect(await (await send("/v1/models")).json()).toMatchObject({ object: "list", data: [{ id: "echo" }] });
  });

  it("answers 404 to anything else", async () => {
    expect((await send("/v1/unknown")).status).toBe(404);
  });
});
