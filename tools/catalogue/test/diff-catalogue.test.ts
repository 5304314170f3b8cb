import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { buildCatalogue, type CatalogueModel } from "../build-catalogue.ts";
import { catalogueSql } from "../catalogue-sql.ts";
import { describeDifferences, diffCatalogue, storedEndpointsSql, type StoredEndpoint } from "../diff-catalogue.ts";

const NOW = Date.parse("2026-11-24T12:00:00.000Z");
const DAY = 86_400_000;
const MIGRATIONS = join(import.meta.dirname, "../../../migrations/orchestrator");

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(":memory:");
  for (const file of readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    db.exec(readFileSync(join(MIGRATIONS, file), "utf8"));
  }
});

async function apply(models: readonly CatalogueModel[], nowMs = NOW): Promise<void> {
  for (const statement of await catalogueSql(models, nowMs)) db.exec(statement);
}

function kindsOf(models: readonly CatalogueModel[], nowMs = NOW): readonly (readonly string[])[] {
  const stored = db.prepare(storedEndpointsSql(nowMs)).all() as unknown as StoredEndpoint[];
  return diffCatalogue(models, stored, nowMs).map(({ kind, endpoint }) => [kind, endpoint]);
}

function model(id: string, input: string): CatalogueModel {
  const price_versions = [{ active_from: null, prices: { input, output: "1" } }];
  return {
    id,
    context_window: null,
    max_output_tokens: null,
    endpoints: [{ provider: "openai", upstream_model: id, price_versions }],
  };
}

describe("the difference that an update would make", () => {
  it("is all of the book at first, and nothing once it was applied", async () => {
    const book = buildCatalogue();
    const all = kindsOf(book);
    expect(all).toHaveLength(book.flatMap(({ endpoints }) => endpoints).length);
    expect(new Set(all.map(([kind]) => kind))).toEqual(new Set(["new"]));
    await apply(book);
    expect(kindsOf(book)).toEqual([]);
  });

  it("tells new, changed and vanished endpoints apart, and applying it makes it so", async () => {
    await apply([model("stays", "1"), model("changes", "1"), model("vanishes", "1")]);
    const next = [model("stays", "1"), model("changes", "2"), model("comes", "3")];
    expect(kindsOf(next, NOW + DAY)).toEqual([
      ["changed", "changes at openai (changes)"],
      ["new", "comes at openai (comes)"],
      ["not in the book", "vanishes at openai (vanishes)"],
    ]);
    await apply(next, NOW + DAY);
    expect(kindsOf(next, NOW + DAY)).toEqual([["not in the book", "vanishes at openai (vanishes)"]]);
    expect(
      db
        .prepare(
          "SELECT count(*) AS n FROM prices WHERE endpoint_id IN (SELECT id FROM endpoints WHERE model_id = 'changes')",
        )
        .get(),
    ).toEqual({ n: 2 });
  });

  it("says what operators set and applying leaves: their prices, and what they removed", async () => {
    await apply([model("priced", "1"), model("removed", "1")]);
    db.exec(
      `INSERT INTO prices SELECT 'own', endpoint_id, '{"input":9,"output":9}', '[]', 'operator', ${NOW}, ${NOW} FROM prices JOIN endpoints ON endpoints.id = endpoint_id WHERE model_id = 'priced'`,
    );
    db.exec(`UPDATE endpoints SET removed_at_ms = ${NOW} WHERE model_id = 'removed'`);
    const next = [model("priced", "2"), model("removed", "2")];
    const expected = [
      ["kept", "priced at openai (priced)"],
      ["kept", "removed at openai (removed)"],
    ];
    expect(kindsOf(next, NOW + DAY)).toEqual(expected);
    await apply(next, NOW + DAY);
    expect(kindsOf(next, NOW + DAY)).toEqual(expected);
  });

  it("is shown with the prices before and after, and counted", () => {
    const stored = [
      {
        model: "m",
        provider: "openai",
        upstream_model: "m",
        is_removed: 0,
        base: "{}",
        tiers: "[]",
        source: "catalogue",
      },
    ] as const;
    const lines = describeDifferences(diffCatalogue([model("m", "2"), model("n", "1")], stored, NOW));
    expect(lines).toEqual([
      'changed         m at openai (m)  {}[] → {"input":2000000000,"output":1000000000}[]',
      'new             n at openai (n)  {"input":1000000000,"output":1000000000}[]',
      "1 new, 1 changed, 0 kept, 0 not in the book",
    ]);
  });
});
