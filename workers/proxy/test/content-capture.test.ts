import { MAX_CONTENT_CHARS } from "@aggregator/contracts/content";
import { describe, expect, it } from "vitest";
import { ContentCapture } from "../src/content/content-capture.ts";

const bytes = (length: number) => new Uint8Array(length).fill(0x78);

function captured(...pieces: readonly Uint8Array[]) {
  const capture = new ContentCapture(true, "asked");
  for (const piece of pieces) capture.collect(piece);
  return capture.content(1);
}

describe("what is kept of a stream", () => {
  it("is all of it where it fits", () => {
    expect(captured(bytes(3), bytes(4))).toMatchObject({ request: "asked", response: "xxxxxxx", is_truncated: false });
  });

  it.each([
    ["one piece that is larger than the limit", [bytes(MAX_CONTENT_CHARS + 9)]],
    ["a piece that passes it", [bytes(MAX_CONTENT_CHARS - 1), bytes(9)]],
    ["pieces after it", [bytes(MAX_CONTENT_CHARS), bytes(9), bytes(9)]],
  ])("is cut at the limit: %s", (_, pieces) => {
    const { response, is_truncated: isTruncated } = captured(...pieces);
    expect([response?.length, isTruncated]).toEqual([MAX_CONTENT_CHARS, true]);
  });

  it("does not hold on to the chunk that a piece was part of", () => {
    const chunk = bytes(1_000);
    const capture = new ContentCapture(true, "");
    capture.collect(chunk.subarray(0, 3));
    chunk.fill(0x79);
    expect(capture.content(1).response).toBe("xxx");
  });
});
