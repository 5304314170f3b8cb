import { describe, expect, it } from "vitest";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, eventsOf, usageOf, wholeStream } from "./support/wire.ts";

describe("a chat request", () => {
  it("is answered with the provider's body and the price of its usage", async () => {
    const scene = await Scene.withOne(chatAnswer("Hello there", usageOf(10, 5, 4)));
    const response = await scene.chat();
    expect(response.status).toBe(200);
    const body = await response.json<Record<string, unknown>>();
    // 6 × 1 + 4 × 0.1 + 5 × 2 USD per million.
    expect(body).toMatchObject({
      vendor_field: { kept: true },
      usage: { prompt_tokens: 10, cost_nano_usd: 16_400, cost: "0.000016400" },
    });
    expect(response.headers.get("x-aggregator-provider")).toBe("a");
    expect(response.headers.get("x-aggregator-attempts")).toBe("1");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({
      kind: "settle",
      priceNanoUsd: 16_400,
      costNanoUsd: 16_400,
      usageQuality: "reported",
      record: { status: 200, provider: "a", usage: { input: 6, cached_input: 4, output: 5 }, finishReason: "stop" },
    });
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });

  it("is streamed, its usage hidden from a client that did not ask", async () => {
    const scene = await Scene.withOne(chatStream(wholeStream()));
    const response = await scene.chat({ stream: true });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const text = await response.text();
    expect(text).not.toContain("usage");
    expect(eventsOf(text).at(-1)).toBe("[DONE]");
    const [ending] = await scene.endings();
    expect(ending).toMatchObject({ kind: "settle", priceNanoUsd: 20_000, usageQuality: "reported" });
    const [call] = await scene.providerCalls("a");
    expect(JSON.parse(call?.body ?? "")).toMatchObject({ stream_options: { include_usage: true } });
  });
});
