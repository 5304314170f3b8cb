import { describe, expect, it } from "vitest";
import { readArchive } from "../src/format/archive.ts";
import { barsOf, roundTop } from "../src/format/bars.ts";
import { bucketsOf, rangeStart } from "../src/format/buckets.ts";
import { formatCountShort, formatName, formatShare } from "../src/format/count.ts";
import { formatNanoUsd, formatUsdShort, parseUsd, usdParts } from "../src/format/money.ts";
import { qrDrawingOf } from "../src/format/qr-code.ts";
import { requestState, spansOf, tokensOf } from "../src/format/request.ts";
import { SNIPPET_LANGUAGES, snippetOf } from "../src/format/snippets.ts";
import { formatAgo, formatMs } from "../src/format/time.ts";

describe("money", () => {
  it.each([
    [0, "$0.00"],
    [1, "$0.000000001"],
    [5_000, "$0.000005"],
    [99_999_995_000, "$99.999995"],
    [1_234_567_000_000_000, "$1,234,567.00"],
    [-12_340_000_000, "\u2212$12.34"],
    [9_000_000_000_000_000, "$9,000,000.00"],
    [8_999_999_999_999_999, "$8,999,999.999999999"],
  ])("%i nano-USD reads %s, exactly", (nano, text) => {
    expect(formatNanoUsd(nano)).toBe(text);
  });

  it("comes apart at the cent", () => {
    expect(usdParts(99_999_995_000)).toEqual({ cents: "$99.99", rest: "9995" });
    expect(usdParts(10_000_000)).toEqual({ cents: "$0.01", rest: "" });
  });

  it.each([
    ["12.5", 12_500_000_000],
    ["$1,000", 1_000_000_000_000],
    [" 0.000000001 ", 1],
    ["25", 25_000_000_000],
    ["1.0000000001", null],
    ["-3", null],
    ["1e3", null],
    ["12,5", null],
    ["", null],
    ["9999999999", null],
  ])("typed as %j it is %j nano-USD", (text, nano) => {
    expect(parseUsd(text)).toBe(nano);
  });

  it("what is shown can be typed again", () => {
    for (const nano of [1, 5_000, 99_999_995_000, 1_234_567_000_000_000]) {
      expect(parseUsd(formatNanoUsd(nano))).toBe(nano);
    }
  });

  it.each([
    [0, "$0"],
    [50_000, "$0.00005"],
    [2_500_000_000, "$2.5"],
    [250_000_000_000, "$250"],
    [2_500_000_000_000, "$2.5K"],
  ])("%i nano-USD is %s on an axis", (nano, text) => {
    expect(formatUsdShort(nano)).toBe(text);
  });
});

describe("counts, shares, times and names", () => {
  it.each([
    [null, "\u2013"],
    [0, "0%"],
    [0.0123, "1.23%"],
    [0.5, "50%"],
    [1, "100%"],
  ])("a share of %j is %s", (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it.each([
    [null, "never"],
    ["2026-11-25T11:59:30Z", "just now"],
    ["2026-11-25T11:57:00Z", "3 minutes ago"],
    ["2026-11-25T09:00:00Z", "3 hours ago"],
    ["2026-11-24T11:00:00Z", "yesterday"],
    ["2026-11-27T13:00:00Z", "in 2 days"],
  ])("%j is %s at noon of 25 November", (iso, text) => {
    expect(formatAgo(iso, Date.parse("2026-11-25T12:00:00Z"))).toBe(text);
  });

  it("durations, axis counts and words of the wire", () => {
    expect([formatMs(null), formatMs(99.6), formatMs(1_234)]).toEqual(["\u2013", "100 ms", "1.23 s"]);
    expect([formatCountShort(999), formatCountShort(1_250_000)]).toEqual(["999", "1.3M"]);
    expect(formatName("low_balance")).toBe("Low balance");
  });
});

describe("charts", () => {
  it.each([
    [[], 1],
    [[0, 0], 1],
    [[1], 1],
    [[3], 5],
    [[0.000021], 0.000025],
    [[51, 7], 100],
  ])("%j stands under a round number", (values, top) => {
    expect(roundTop(values)).toBeCloseTo(top, 12);
  });

  it("bars stand on the ground, within the area, and a value above nothing is seen", () => {
    const bars = barsOf([0, 1, 1_000, 2_000], { width: 100, height: 50, top: 1_000 });
    expect(bars.map(({ height }) => height)).toEqual([0, 1.5, 50, 50]);
    for (const { x, y, width, height } of bars) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(100);
      expect(y + height).toBeCloseTo(50);
    }
    expect(barsOf([], { width: 100, height: 50, top: 1 })).toEqual([]);
  });

  it("hours without use are zeros, the present hour is last, and the range begins with the first", () => {
    const nowMs = Date.parse("2026-11-25T16:20:00Z");
    const row = {
      group: { hour: "2026-11-25T15:00:00.000Z" },
      requests: 4,
      errors: 1,
      input_tokens: 0,
      cached_input_tokens: 0,
      output_tokens: 0,
      cost_nano_usd: 7,
    };
    const buckets = bucketsOf([row], "hour", 3, nowMs);
    expect(buckets.map(({ at }) => at.slice(11, 16))).toEqual(["14:00", "15:00", "16:00"]);
    expect(buckets.map(({ requests, errors, costNanoUsd }) => [requests, errors, costNanoUsd])).toEqual([
      [0, 0, 0],
      [4, 1, 7],
      [0, 0, 0],
    ]);
    expect(rangeStart("hour", 3, nowMs)).toBe("2026-11-25T14:00:00.000Z");
    expect(rangeStart("day", 7, nowMs)).toBe("2026-11-19T00:00:00.000Z");
  });
});

describe("requests", () => {
  it.each([
    [{ state: "held", status: null, client_disconnected: false }, "warn", "Running"],
    [{ state: "settled", status: 200, client_disconnected: false }, "good", "200"],
    [{ state: "settled", status: 200, client_disconnected: true }, "plain", "Client left"],
    [{ state: "released", status: 429, client_disconnected: false }, "bad", "429"],
    [{ state: "expired", status: null, client_disconnected: false }, "plain", "Cut off"],
  ] as const)("%j is %s: %s", (request, tone, text) => {
    expect(requestState(request)).toEqual({ tone, text });
  });

  it("attempts lie in the time that they took together", () => {
    const spans = spansOf([
      { startedAtMs: 1_000, durationMs: 50 },
      { startedAtMs: 1_050, durationMs: 150 },
    ]);
    expect(spans).toEqual([
      { start: 0, length: 0.25 },
      { start: 0.25, length: 0.75 },
    ]);
    expect(spansOf([{ startedAtMs: 5, durationMs: 0 }])).toEqual([{ start: 0, length: 0.01 }]);
  });

  it("tokens of all classes count, pieces and seconds do not", () => {
    expect(tokensOf({ input: 3, cached_input: 4, output: 5, request: 1, image: 2, audio_second: 9 })).toBe(12);
    expect(tokensOf(null)).toBe(0);
  });
});

describe("snippets", () => {
  it.each(SNIPPET_LANGUAGES.map(([language]) => language))("%s names this origin, a model and no key", (language) => {
    const snippet = snippetOf(language, "https://ai.example", "vendor/model");
    expect(snippet).toContain("https://ai.example/v1");
    expect(snippet).toContain("vendor/model");
    expect(snippet).toContain("AGGREGATOR_API_KEY");
  });
});

describe("an archive", () => {
  const end = (missing: readonly unknown[]) => JSON.stringify({ section: "end", data: { missing } });

  const MISSING = [
    { section: "payments", code: "permission_denied" },
    { section: "auto_topup", code: "not_found" },
  ];

  it("names what is missing in it, and not what the platform does not offer", async () => {
    const file = new Blob(["{}\n", end(MISSING), "\n"]);
    expect(await readArchive(file)).toEqual({ ok: true, value: { file, missing: ["payments"] } });
    expect(await readArchive(new Blob([end([])]))).toMatchObject({ ok: true, value: { missing: [] } });
  });

  it.each(["", "{}\n", '{"section":"en', '{"section":"requests","data":{}}\n'])(
    "that ends with %j was cut short and is none",
    async (text) => {
      expect(await readArchive(new Blob([text]))).toMatchObject({ ok: false });
    },
  );
});

describe("a QR code", () => {
  const { size, path } = qrDrawingOf("otpauth://totp/Platform:a@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Platform");
  const dark = new Set(Array.from(path.matchAll(/M(\d+) (\d+)h1v1h-1z/g), ([, x, y]) => `${x} ${y}`));

  it("has a quiet zone of four modules", () => {
    const columns = [...dark].flatMap((module) => module.split(" ").map(Number));
    expect([Math.min(...columns), Math.max(...columns)]).toEqual([4, size - 5]);
  });

  it("has its three eyes where a camera looks for them", () => {
    const rows = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];
    for (const [left, top] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const) {
      const seen = rows.map((row, y) => Array.from(row, (_, x) => Number(dark.has(`${left + x} ${top + y}`))).join(""));
      expect(seen).toEqual(rows);
    }
  });
});
