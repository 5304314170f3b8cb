import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { buildCatalogue, type CatalogueModel } from "../build-catalogue.ts";
import { catalogueSql } from "../catalogue-sql.ts";

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

async function seed(models: readonly CatalogueModel[], nowMs = NOW): Promise<void> {
  for (const statement of await catalogueSql(models, nowMs)) db.exec(statement);
}

function dump(): string {
  const tables = ["providers", "models", "endpoints", "prices"];
  return JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()));
}

function model(input: string, changes: Partial<CatalogueModel> = {}): CatalogueModel {
  const price_versions = [{ active_from: null, prices: { input, output: "1" } }];
  return {
    id: "m",
    context_window: 1_000,
    max_output_tokens: 100,
    endpoints: [{ provider: "openai", upstream_model: "m", price_versions }],
    ...changes,
  };
}

function versions(): unknown[] {
  return db
    .prepare(
      "SELECT base ->> 'input' AS input, active_from_ms AS since, source FROM prices ORDER BY active_from_ms, id",
    )
    .all();
}

describe("the catalogue as SQL", () => {
  it("brings the whole book into the database in well under a second, in statements that D1 takes", async () => {
    const models = buildCatalogue();
    const statements = await catalogueSql(models, NOW);
    for (const statement of statements) expect(Buffer.byteLength(statement)).toBeLessThan(100_000);
    const startedAt = performance.now();
    for (const statement of statements) db.exec(statement);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(db.prepare("SELECT count(*) AS n FROM models").get()).toEqual({ n: models.length });
    expect(db.prepare("SELECT slug, enabled, origin FROM providers ORDER BY slug").all()).toEqual(
      ["anthropic", "gemini", "openai", "openrouter"].map((slug) => ({ slug, enabled: 0, origin: "catalogue" })),
    );
    expect(await catalogueSql(buildCatalogue(), NOW)).toEqual(statements);
  });

  it("changes nothing when it runs again, now or later", async () => {
    await seed(buildCatalogue());
    const before = dump();
    await seed(buildCatalogue());
    await seed(buildCatalogue(), NOW + 30 * DAY);
    expect(dump()).toBe(before);
  });

  it("adds a version when the book's price changes, from then on, also back to what it was", async () => {
    await seed([model("1")]);
    await seed([model("2")], NOW + DAY);
    await seed([model("1")], NOW + 2 * DAY);
    await seed([model("1")], NOW + 3 * DAY);
    expect(versions()).toEqual([
      { input: 1e9, since: 0, source: "catalogue" },
      { input: 2e9, since: NOW + DAY, source: "catalogue" },
      { input: 1e9, since: NOW + 2 * DAY, source: "catalogue" },
    ]);
  });

  it("starts from the price that is in force and keeps those to come for their day", async () => {
    const price_versions = [
      { active_from: null, prices: { input: "1", output: "1" } },
      { active_from: "2026-01-01", prices: { input: "2", output: "1" } },
      { active_from: "2027-01-01", prices: { input: "3", output: "1" } },
    ];
    const dated = model("0", { endpoints: [{ provider: "openai", upstream_model: "m", price_versions }] });
    await seed([dated]);
    await seed([dated], NOW + DAY);
    expect(versions()).toEqual([
      { input: 2e9, since: Date.parse("2026-01-01"), source: "catalogue" },
      { input: 3e9, since: Date.parse("2027-01-01"), source: "catalogue" },
    ]);
  });

  it("leaves what an operator set: prices, removed models and endpoints, limits, a provider", async () => {
    await seed([model("1"), model("1", { id: "gone" })]);
    const [endpoint] = db.prepare("SELECT id FROM endpoints WHERE model_id = 'm'").all();
    db.prepare("INSERT INTO prices VALUES ('own', ?, '{\"input\":7}', '[]', 'operator', ?, 0)").run(
      String(endpoint?.["id"]),
      NOW,
    );
    db.exec("UPDATE models SET context_window = 5 WHERE id = 'm'");
    db.exec("UPDATE endpoints SET removed_at_ms = 1 WHERE model_id = 'gone'");
    db.exec("DELETE FROM models WHERE id = 'gone'");
    db.exec(
      "UPDATE providers SET enabled = 1, base_url = 'https://proxy.example.com', origin = 'operator' WHERE slug = 'openai'",
    );
    const before = dump();
    await seed([model("2"), model("2", { id: "gone" })], NOW + DAY);
    expect(dump()).toBe(before);
  });

  it("takes any text as data", async () => {
    const id = "it's'); DROP TABLE models;--";
    await seed([model("1", { id })]);
    expect(db.prepare("SELECT id FROM models").all()).toEqual([{ id }]);
  });
});
