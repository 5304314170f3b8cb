import type { CatalogueModel, DatedPrices } from "./build-catalogue.ts";
import { nanoPrices } from "./nano-prices.ts";

/** An endpoint as the database has it, with the prices in force; `null`: none were ever set. */
export interface StoredEndpoint {
  readonly model: string;
  readonly provider: string;
  readonly upstream_model: string;
  readonly is_removed: number;
  readonly base: string | null;
  readonly tiers: string | null;
  readonly source: "catalogue" | "operator" | null;
}

export interface CatalogueDifference {
  readonly kind: "new" | "changed" | "kept" | "not in the book";
  /** Model, and where it is served. */
  readonly endpoint: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What is in force, by endpoint: read before a difference is made. */
export function storedEndpointsSql(nowMs: number): string {
  const inForce = `SELECT id FROM prices WHERE endpoint_id = endpoints.id AND active_from_ms <= ${nowMs} ORDER BY active_from_ms DESC, id DESC LIMIT 1`;
  return `SELECT model_id AS model, provider_slug AS provider, upstream_model, removed_at_ms IS NOT NULL AS is_removed, base, tiers, source FROM endpoints LEFT JOIN prices ON prices.id = (${inForce}) ORDER BY 1, 2, 3`;
}

/**
 * What bringing the book into the database would change, by endpoint. `kept`: the book says otherwise,
 * but an operator set the prices or removed the endpoint, which stays so. `not in the book`: it serves on
 * at its last prices until an operator removes it. Pure.
 */
export function diffCatalogue(
  models: readonly CatalogueModel[],
  stored: readonly StoredEndpoint[],
  nowMs: number,
): readonly CatalogueDifference[] {
  const known = new Map(stored.map((row) => [nameOf(row.model, row.provider, row.upstream_model), row]));
  const differences: CatalogueDifference[] = [];
  for (const { id, endpoints } of models) {
    for (const { provider, upstream_model: upstream, price_versions: versions } of endpoints) {
      const endpoint = nameOf(id, provider, upstream);
      const row = known.get(endpoint);
      known.delete(endpoint);
      const after = pricesAt(versions, nowMs);
      const before = row === undefined || row.base === null ? null : `${row.base}${row.tiers ?? ""}`;
      if (row === undefined) differences.push({ kind: "new", endpoint, before, after });
      else if (after !== null && after !== before) {
        const isOperators = row.source === "operator" || row.is_removed === 1;
        differences.push({ kind: isOperators ? "kept" : "changed", endpoint, before, after });
      }
    }
  }
  for (const [endpoint, { is_removed: isRemoved, source, base, tiers }] of known) {
    if (isRemoved === 1 || source !== "catalogue") continue;
    differences.push({ kind: "not in the book", endpoint, before: `${base ?? ""}${tiers ?? ""}`, after: null });
  }
  return differences;
}

/** The difference as lines for a person; the count of each kind last. */
export function describeDifferences(differences: readonly CatalogueDifference[]): readonly string[] {
  const lines = differences.map(({ kind, endpoint, before, after }) => {
    const prices = kind === "new" ? (after ?? "no price") : `${before ?? "no price"} → ${after ?? "stays"}`;
    return `${kind.padEnd(15)} ${endpoint}  ${prices}`;
  });
  const count = (kind: CatalogueDifference["kind"]) => differences.filter((item) => item.kind === kind).length;
  const kinds = ["new", "changed", "kept", "not in the book"] as const;
  return [...lines, kinds.map((kind) => `${count(kind)} ${kind}`).join(", ")];
}

function nameOf(model: string, provider: string, upstream: string): string {
  return `${model} at ${provider} (${upstream})`;
}

/** The version in force, as the columns hold it; null when the book has no price. */
function pricesAt(versions: readonly DatedPrices[], nowMs: number): string | null {
  const current = versions.findLast(
    ({ active_from: from }) => from === null || Date.parse(`${from}T00:00:00.000Z`) <= nowMs,
  );
  const { prices } = current ?? versions[0] ?? { prices: null };
  if (prices === null) return null;
  const { base, tiers } = nanoPrices(prices);
  return base + tiers;
}
