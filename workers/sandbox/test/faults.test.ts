import { describe, expect, it, vi } from "vitest";
import { chat, chunksOf, framesOf, send, streamedText } from "./support.ts";

describe("faults on demand", () => {
  it.each([
    ["in the body", { sandbox: { status: 429, retry_after: 7 } }, {}],
    ["in headers", {}, { "x-sandbox-status": "429", "x-sandbox-retry-after": "7" }],
    ["with the body before the header", { sandbox: { status: 429, retry_after: 7 } }, { "x-sandbox-status": "500" }],
  ])("answers the status asked for %s", async (_, fields, headers) => {
    const response = await chat(fields, headers);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toMatchObject({ error: { type: "rate_limit_error" } });
  });

  it("says in an error what it was asked to say", async () => {
    const response = await chat({ sandbox: { status: 503, message: "disk on fire" } });
    expect([response.status, await response.json()]).toMatchObject([503, { error: { message: "disk on fire" } }]);
  });

  it("breaks the stream after so many pieces", async () => {
    const { frames, isBroken } = await framesOf(await chat({ stream: true, sandbox: { cut_after_chunks: 2 } }));
    expect(isBroken).toBe(true);
    expect(streamedText(chunksOf(frames))).toBe("one two");
  });

  it("breaks a whole answer too", async () => {
    const response = await chat({ sandbox: { cut_after_chunks: 0 } });
    await expect(response.text()).rejects.toThrow("the sandbox cuts this answer");
  });

  it("sends an error frame in a 200 at once, after pieces, and in a whole answer", async () => {
    const atOnce = await framesOf(await chat({ stream: true, sandbox: { error_frame: true } }));
    expect(atOnce.frames.map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([{ error: {} }]);
    const late = await framesOf(await chat({ stream: true, sandbox: { error_frame: 1 } }));
    expect(late.frames.at(-1)?.data).toContain('"error"');
    expect(late.frames).toHaveLength(3);
    const whole = await chat({ sandbox: { error_frame: true } });
    expect([whole.status, await whole.json()]).toMatchObject([200, { error: {} }]);
  });

  it("sends malformed JSON", async () => {
    const { frames } = await framesOf(await chat({ stream: true, sandbox: { malformed_json: true } }));
    expect(() => JSON.parse(frames.at(-1)?.data ?? "{}") as unknown).toThrow(SyntaxError);
    await expect((await chat({ sandbox: { malformed_json: true } })).json()).rejects.toThrow(SyntaxError);
  });

  it("reports no usage, or a usage of one's own", async () => {
    expect(await (await chat({ sandbox: { no_usage: true } })).json()).not.toHaveProperty("usage");
    const own = { prompt_tokens: -1, completion_tokens: 0.5 };
    expect(await (await chat({ sandbox: { usage: own } })).json()).toHaveProperty("usage", own);
  });

  it("waits before the headers and before each piece", async () => {
    const startedAtMs = performance.now();
    await framesOf(await chat({ stream: true, sandbox: { delay_ms: 60, chunk_delay_ms: 20 } }));
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(115);
  });

  it("never answers when it hangs, and ends when the client leaves", async () => {
    const hanging = new AbortController();
    const request = send("/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify({ model: "echo", messages: [{ role: "user", content: "x" }], sandbox: { hang: true } }),
      signal: hanging.signal,
    });
    const outcome = await Promise.race([request.catch(() => "aborted"), pause(80)]);
    expect(outcome).toBe("still waiting");
    hanging.abort();
    expect(await request.catch(() => "aborted")).toBe("aborted");
  });

  it("falls silent after so many pieces", async () => {
    const response = await chat({ stream: true, sandbox: { stall_after_chunks: 1 } });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    expect((await reader?.read())?.done).toBe(false);
    expect(await Promise.race([reader?.read(), pause(80)])).toBe("still waiting");
    await reader?.cancel();
  });
});

describe("the counter of calls", () => {
  it("counts by label, tells how each ended, and forgets", async () => {
    await send("/sandbox/calls", { method: "DELETE" });
    await chat({ sandbox: { label: "a" } }).then((response) => response.text());
    await framesOf(await chat({ stream: true, sandbox: { label: "a", cut_after_chunks: 2 } }));
    await chat({ sandbox: { label: "b", status: 500 } });
    expect(await calls("?label=a")).toMatchObject({
      total: 2,
      calls: [
        { path: "/v1/chat/completions", model: "echo", stream: false, state: "completed" },
        { stream: true, state: "failed", produced: 2 },
      ],
    });
    expect(await calls()).toMatchObject({ total: 3 });
    expect((await send("/sandbox/calls", { method: "DELETE" })).status).toBe(204);
    expect(await calls()).toEqual({ total: 0, calls: [] });
  });

  it("knows a stream that its client left", async () => {
    const response = await chat({ stream: true, sandbox: { label: "left", chunk_delay_ms: 10, tokens: 500 } });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await vi.waitFor(async () => expect(await calls("?label=left")).toMatchObject({ calls: [{ state: "aborted" }] }));
  });
});

async function calls(query = ""): Promise<unknown> {
  return (await send(`/sandbox/calls${query}`)).json();
}

function pause(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("still waiting"), ms));
}
