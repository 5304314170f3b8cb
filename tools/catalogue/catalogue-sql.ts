import { naturalId } from "../../packages/runtime/src/natural-id.ts";
import type { CatalogueEndpoint, CatalogueModel } from "./build-catalogue.ts";
import type { DecimalPrices } from "./convert-prices.ts";
import { nanoPrices } from "./nano-prices.ts";
import { VENDORS } from "./vendors.ts";

/** D1 takes statements of 100 KB; rows travel in one as JSON. */
const MAX_JSON_LENGTH = 80_000;

/**
 * Statements that bring the price book into D1 `orchestrator`; to be run in order, as often as wanted.
 * Providers come switched off and without a credential. What an operator set stays: a provider that was
 * set up, a model or endpoint that was removed, limits, and prices that are not the book's. A price that
 * the book changed is a new version, in force from `nowMs`.
 */
export async function catalogueSql(models: readonly CatalogueModel[], nowMs: number): Promise<readonly string[]> {
  const endpoints = await Promise.all(
    models.flatMap((model) => model.endpoints.map((endpoint, position) => endpointRow(model.id, endpoint, position))),
  );
  const prices = await Promise.all(endpoints.flatMap(({ id, versions }) => priceRows(id, versions, nowMs)));
  const limits = models.map(({ id, context_window, max_output_tokens }) => [id, context_window, max_output_tokens]);
  return [
    ...statements(
      VENDORS.map(({ slug, kind, baseUrl, onDisconnect }) => [slug, kind, baseUrl, onDisconnect]),
      (rows) => providersSql(rows, nowMs),
    ),
    // Before the endpoints: a model that is gone while its endpoints are known was removed by an operator.
    ...statements(limits, (rows) => modelsSql(rows, nowMs)),
    ...statements(
      endpoints.map(({ row }) => row),
      (rows) => endpointsSql(rows, nowMs),
    ),
    ...statements(prices, (rows) => pricesSql(rows, nowMs)),
  ];
}

type Row = readonly (string | number | null)[];

async function endpointRow(model: string, endpoint: CatalogueEndpoint, position: number) {
  const { provider, upstream_model: upstream, price_versions: versions } = endpoint;
  const id = await naturalId("endpoint", model, provider, upstream);
  return { id, versions, row: [id, model, provider, upstream, position] as Row };
}

/** The version in force now and those to come; what was before that has no receipt. */
function priceRows(endpointId: string, versions: CatalogueEndpoint["price_versions"], nowMs: number): Promise<Row>[] {
  const dated = versions.map(({ active_from, prices }) => ({
    activeFromMs: active_from === null ? 0 : Date.parse(`${active_from}T00:00:00.000Z`),
    prices,
  }));
  const current = dated.findLastIndex(({ activeFromMs }) => activeFromMs <= nowMs);
  return dated
    .slice(Math.max(current, 0))
    .flatMap(({ activeFromMs, prices }) =>
      prices === null ? [] : [priceRow(endpointId, activeFromMs, prices, nowMs)],
    );
}

async function priceRow(endpointId: string, activeFromMs: number, prices: DecimalPrices, nowMs: number): Promise<Row> {
  const { base, tiers } = nanoPrices(prices);
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const id = await naturalId("price", endpointId, String(activeFromMs), base, tiers, today);
  return [id, endpointId, base, tiers, activeFromMs];
}

/** One statement per piece of rows. */
function statements(rows: readonly Row[], sql: (rows: string) => string): string[] {
  const found: string[] = [];
  let piece: string[] = [];
  let length = 0;
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (length + json.length > MAX_JSON_LENGTH) {
      found.push(sql(literal(piece)));
      piece = [];
      length = 0;
    }
    piece.push(json);
    length += json.length + 1;
  }
  return piece.length === 0 ? found : [...found, sql(literal(piece))];
}

function literal(rows: readonly string[]): string {
  return `'[${rows.join(",").replaceAll("'", "''")}]'`;
}

function columns(count: number): string {
  return Array.from({ length: count }, (_, index) => `value ->> ${index}`).join(", ");
}

function providersSql(rows: string, nowMs: number): string {
  return `INSERT OR IGNORE INTO providers (slug, kind, base_url, on_disconnect, enabled, origin, created_at_ms, updated_at_ms)
SELECT ${columns(4)}, 0, 'catalogue', ${nowMs}, ${nowMs} FROM json_each(${rows})`;
}

function modelsSql(rows: string, nowMs: number): string {
  return `INSERT OR IGNORE INTO models (id, context_window, max_output_tokens, created_at_ms, updated_at_ms)
SELECT ${columns(3)}, ${nowMs}, ${nowMs} FROM json_each(${rows})
WHERE NOT EXISTS (SELECT 1 FROM endpoints WHERE model_id = value ->> 0)`;
}

/** Of models that are there: not of those that an operator removed. */
function endpointsSql(rows: string, nowMs: number): string {
  return `INSERT OR IGNORE INTO endpoints (id, model_id, provider_slug, upstream_model, position, created_at_ms)
SELECT ${columns(5)}, ${nowMs} FROM json_each(${rows})
WHERE EXISTS (SELECT 1 FROM models WHERE id = value ->> 1)`;
}

/**
 * Where no operator set prices and the book says something new. The first version of an endpoint is in
 * force from its own date; one that replaces another from now, since requests were priced by that.
 */
function pricesSql(rows: string, nowMs: number): string {
  return `INSERT OR IGNORE INTO prices (id, endpoint_id, base, tiers, source, active_from_ms, created_at_ms)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 'catalogue',
  CASE WHEN EXISTS (SELECT 1 FROM prices WHERE endpoint_id = value ->> 1) THEN max(value ->> 4, ${nowMs}) ELSE value ->> 4 END,
  ${nowMs}
FROM json_each(${rows})
WHERE EXISTS (SELECT 1 FROM endpoints WHERE id = value ->> 1 AND removed_at_ms IS NULL)
  AND NOT EXISTS (SELECT 1 FROM prices WHERE endpoint_id = value ->> 1 AND source = 'operator')
  AND (value ->> 2) || (value ->> 3) IS NOT (
    SELECT base || tiers FROM prices WHERE endpoint_id = value ->> 1 AND active_from_ms <= max(value ->> 4, ${nowMs})
    ORDER BY active_from_ms DESC, id DESC LIMIT 1)`;
}
