import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { parseUsd } from "../../../packages/money/src/usd-decimal.ts";
import { CreateModelInput } from "../../../workers/orchestrator/src/domain/model-input.ts";
import { buildCatalogue, type CatalogueModel } from "../build-catalogue.ts";
import { convertPrices } from "../convert-prices.ts";

const catalogue = buildCatalogue();
const byId = new Map(catalogue.map((model) => [model.id, model]));

function modelOf(id: string): CatalogueModel {
  const model = byId.get(id);
  if (model === undefined) throw new Error(`${id} is not in the catalogue`);
  return model;
}

describe("the catalogue", () => {
  it("is what the admin API takes, each id once, in order, and the same every time", () => {
    for (const { endpoints, ...model } of catalogue) {
      const input = {
        ...model,
        endpoints: endpoints.map(({ provider, upstream_model, price_versions }) => ({
          provider,
          upstream_model,
          prices: price_versions.at(-1)?.prices,
        })),
      };
      expect(CreateModelInput.safeParse(input)).toMatchObject({ success: true });
    }
    const ids = catalogue.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(JSON.stringify(buildCatalogue())).toBe(JSON.stringify(catalogue));
  });

  it("has the models that clients ask for, at each vendor that sells them", () => {
    const sellers = (id: string) =>
      modelOf(id).endpoints.map(({ provider, upstream_model }) => `${provider}:${upstream_model}`);
    expect(sellers("gpt-4o")).toEqual(["openai:gpt-4o", "openrouter:openai/gpt-4o"]);
    expect(sellers("openai/gpt-4o")).toEqual(["openrouter:openai/gpt-4o", "openai:gpt-4o"]);
    expect(sellers("gpt-4o-2024-11-20")).toEqual(["openai:gpt-4o-2024-11-20"]);
    expect(sellers("claude-sonnet-4-5")).toEqual([
      "anthropic:claude-sonnet-4-5",
      "openrouter:anthropic/claude-sonnet-4.5",
    ]);
    expect(sellers("claude-sonnet-4-5-20250929")).toEqual(["anthropic:claude-sonnet-4-5-20250929"]);
    expect(sellers("gemini-2.5-flash")).toEqual(["gemini:gemini-2.5-flash", "openrouter:google/gemini-2.5-flash"]);
    expect(sellers("text-embedding-3-small")).toEqual(["openai:text-embedding-3-small"]);
    expect(sellers("whisper-1")).toEqual(["openai:whisper-1"]);
    expect(sellers("omni-moderation-latest")).toEqual(["openai:omni-moderation-latest"]);
  });

  it("says how long an answer can be, so that a hold is not a whole context window", () => {
    expect(modelOf("gpt-4o")).toMatchObject({ context_window: 128_000, max_output_tokens: 16_384 });
    expect(modelOf("openai/gpt-4o")).toMatchObject({ context_window: 128_000, max_output_tokens: 16_384 });
    expect(modelOf("claude-sonnet-4-5")).toMatchObject({ context_window: 200_000, max_output_tokens: 64_000 });
  });

  it("keeps tiers whole and prices that begin later with their day", () => {
    const [endpoint] = modelOf("gemini-2.5-pro").endpoints;
    expect(endpoint?.price_versions).toEqual([
      {
        active_from: null,
        prices: {
          input: "1.25",
          cached_input: "0.125",
          output: "10",
          tiers: [{ above_input_tokens: 200_000, prices: { input: "2.5", cached_input: "0.25", output: "15" } }],
        },
      },
    ]);
    const [o3] = modelOf("o3").endpoints;
    expect(o3?.price_versions.map(({ active_from }) => active_from)).toEqual([null, "2025-06-10"]);
  });

  it("charges what the book itself computes, for every priced endpoint, to a thousandth of a cent per million", () => {
    const books: Readonly<Record<string, string>> = {
      openai: "openai",
      anthropic: "anthropic",
      gemini: "google",
      openrouter: "openrouter",
    };
    let compared = 0;
    for (const { endpoints } of catalogue) {
      for (const { provider, upstream_model, price_versions } of endpoints) {
        const latest = price_versions.at(-1);
        if (latest === undefined || latest.prices === null || latest.prices.audio_second !== undefined) continue;
        const timestamp = new Date("2030-01-01T00:00:00Z");
        const book = calcPrice({ input_tokens: 1_000, output_tokens: 1_000 }, upstream_model, {
          providerId: books[provider] ?? "",
          timestamp,
        });
        const { input, output } = latest.prices;
        const ours = (parseUsd(input ?? "") ?? NaN) + (parseUsd(output ?? "") ?? NaN);
        expect(ours / 1e12, `${provider} ${upstream_model}`).toBeCloseTo(book?.total_price ?? NaN, 8);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(800);
  });
});

describe("prices of the book", () => {
  it.each<[string, string, Parameters<typeof convertPrices>[1], unknown]>([
    ["plain", "m", { input_mtok: 3, output_mtok: 15 }, { input: "3", output: "15" }],
    ["noise of doubles", "m", { input_mtok: 0.1 + 0.2, output_mtok: 1e-7 }, { input: "0.3", output: "0.0000001" }],
    ["explicitly free", "x/m:free", {}, { input: "0", output: "0" }],
    ["nothing said", "x/m", {}, null],
    ["no output", "m", { input_mtok: 1 }, null],
    ["an embedding", "text-embedding-9", { input_mtok: 1 }, { input: "1", output: "0" }],
    [
      "audio by the hour",
      "whisper-1",
      { input_audio_hours: 0.36, audio_hours: 0.36 },
      { input: "0", output: "0", audio_second: "0.0001" },
    ],
    ["images out, which have no class", "m", { input_mtok: 1, output_mtok: 1, output_image_mtok: 30 }, null],
    ["a unit that is new to us", "m", { input_mtok: 1, output_mtok: 1, input_smell_mtok: 1 }, null],
    ["audio sold at the price of text", "gpt-4o-audio-preview", { input_mtok: 1, output_mtok: 1 }, null],
    [
      "searches are billed apart",
      "m",
      { input_mtok: 1, output_mtok: 1, web_searches_kcount: 10 },
      { input: "1", output: "1" },
    ],
  ])("%s", (_, id, book, expected) => {
    expect(convertPrices(id, book)).toEqual(expected);
  });
});
