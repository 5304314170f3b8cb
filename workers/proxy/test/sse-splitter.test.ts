import { describe, expect, it } from "vitest";
import { FrameTooLargeError, SseSplitter, type SseFrame } from "../src/sse/sse-splitter.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (frames: readonly SseFrame[]) => frames.map((frame) => new TextDecoder().decode(frame.bytes)).join("");
const events = (frames: readonly SseFrame[]) => frames.map(({ event, data }) => ({ event, data }));

/** Feeds `bytes` in pieces cut at `cuts`; each piece is its own array, as the runtime gives them. */
function split(bytes: Uint8Array, cuts: readonly number[]): SseFrame[] {
  const splitter = new SseSplitter(1_000_000);
  const frames: SseFrame[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    frames.push(...splitter.push(bytes.slice(from, cut)));
    from = cut;
  }
  const rest = splitter.flush();
  return rest === null ? frames : [...frames, rest];
}

const CASES: readonly [
  name: string,
  text: string,
  expected: readonly { event: string | null; data: string | null }[],
][] = [
  [
    "LF",
    "data: a\n\ndata: b\n\n",
    [
      { event: null, data: "a" },
      { event: null, data: "b" },
    ],
  ],
  [
    "CRLF",
    "data: a\r\n\r\ndata: b\r\n\r\n",
    [
      { event: null, data: "a" },
      { event: null, data: "b" },
    ],
  ],
  [
    "CR",
    "data: a\r\rdata: b\r\r",
    [
      { event: null, data: "a" },
      { event: null, data: "b" },
    ],
  ],
  ["a byte order mark", "\uFEFFdata: a\n\n", [{ event: null, data: "a" }]],
  [
    "comments",
    ": keep alive\n\ndata: a\n\n",
    [
      { event: null, data: null },
      { event: null, data: "a" },
    ],
  ],
  ["several data lines", "data: a\ndata: b\ndata:\n\n", [{ event: null, data: "a\nb\n" }]],
  ["event and id", 'event: delta\nid: 7\ndata:{"x":1}\n\n', [{ event: "delta", data: '{"x":1}' }]],
  [
    "characters of four bytes",
    "data: 😀é\n\ndata: 界\n\n",
    [
      { event: null, data: "😀é" },
      { event: null, data: "界" },
    ],
  ],
  [
    "no blank line at the end",
    "data: a\n\ndata: [DONE]",
    [
      { event: null, data: "a" },
      { event: null, data: "[DONE]" },
    ],
  ],
];

describe("case 34: an event stream gives the same events however its bytes are split", () => {
  it.each(CASES)("%s", (_, text, expected) => {
    const bytes = encode(text);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const frames = split(bytes, [first, second]);
        expect(events(frames)).toEqual(expected);
        expect(decode(frames)).toBe(new TextDecoder().decode(bytes));
      }
    }
    expect(events(split(bytes, [...bytes.keys()]))).toEqual(expected);
  });
});

it("bytes of earlier events stay intact when later chunks arrive", () => {
  const splitter = new SseSplitter(1_000);
  const kept = [...splitter.push(encode("data: fir")), ...splitter.push(encode("st\n\ndata: seco"))];
  splitter.push(encode("nd-and-longer-than-before\n\n"));
  expect(decode(kept)).toBe("data: first\n\n");
});

it("case 34: an event over the limit is refused without being gathered whole", () => {
  const splitter = new SseSplitter(1_000);
  const feed = () => {
    for (let sent = 0; sent < 100; sent += 1) splitter.push(new Uint8Array(64).fill(0x61));
  };
  expect(feed).toThrow(FrameTooLargeError);
});

it("case 34: a 20 MB line in 16 KB chunks takes linear time", () => {
  const splitter = new SseSplitter(32_000_000);
  const chunk = new Uint8Array(16_384).fill(0x61);
  const started = performance.now();
  splitter.push(encode("data: "));
  for (let sent = 0; sent < 20_000_000; sent += chunk.length) expect(splitter.push(chunk)).toHaveLength(0);
  expect(splitter.push(encode("\n\n"))).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(3_000);
});

it("case 34: a million tiny events are each given once, in linear time, and none is kept", () => {
  const splitter = new SseSplitter(1_000);
  // Shifted, so that every chunk ends inside an event.
  const chunk = encode(`b\n\n${"data:a\n\n".repeat(999)}data:`);
  const started = performance.now();
  let given = 0;
  given += splitter.push(encode("data:")).length;
  for (let sent = 0; sent < 1_000; sent += 1) given += splitter.push(chunk.slice()).length;
  given += splitter.push(encode("b\n\n")).length;
  expect(given).toBe(1_000_001);
  expect(splitter.flush()).toBeNull();
  expect(performance.now() - started).toBeLessThan(5_000);
});
