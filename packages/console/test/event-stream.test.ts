import { describe, expect, it } from "vitest";
import { eventsOf, type ServerEvent } from "../src/api/event-stream.ts";
import { hrefOf, match } from "../src/router.ts";

async function read(pieces: readonly string[]): Promise<readonly ServerEvent[]> {
  const bytes = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(body)) events.push(event);
  return events;
}

describe("server-sent events", () => {
  it.each([
    ["whole", ["data: a\n\nevent: request\nid: 7\ndata: b\n\n"]],
    ["in pieces", ["da", "ta: a\n", "\nevent: request\nid: 7\nda", "ta: b\n\n"]],
    ["with CRLF", ["data: a\r\n\r\nevent: request\r\nid: 7\r\ndata: b\r\n\r\n"]],
    ["without an end", ["data: a\n\nevent: request\nid: 7\ndata: b"]],
    ["with comments and retry", [": hello\n\nretry: 5\nid: 1\n\ndata: a\n\nevent: request\nid: 7\ndata: b\n\n"]],
  ])("%s", async (_name, pieces) => {
    expect(await read(pieces)).toEqual([
      { event: "message", data: "a", id: null },
      { event: "request", data: "b", id: "7" },
    ]);
  });

  it("lines of one event are joined", async () => {
    expect(await read(["data: a\ndata:b\n\n"])).toEqual([{ event: "message", data: "a\nb", id: null }]);
  });
});

describe("addresses", () => {
  it.each([
    ["/keys/:id", "/keys/k%2F1", { id: "k/1" }],
    ["/keys/:id", "/keys/%E0%A4%A", { id: "%E0%A4%A" }],
    ["/keys/:id", "/keys", null],
    ["/", "/", {}],
    ["/keys", "/requests", null],
  ])("%s against %s", (pattern, path, parts) => {
    expect(match(pattern, path)).toEqual(parts);
  });

  it("the overview has no slash at its end", () => {
    expect([hrefOf("/"), hrefOf("/keys")]).toEqual(["/console", "/console/keys"]);
  });
});
