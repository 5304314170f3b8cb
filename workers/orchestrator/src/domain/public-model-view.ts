import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { isPriced } from "@aggregator/money/resolve-price";
import type { ModelAliasRow } from "../db/model-aliases.ts";
import type { PublicModelRow } from "../db/load-public-models.ts";
import { tableView } from "./prices.ts";

/** Models in OpenAI's shape from the endpoints that serve them, which are in order of model, then of priority. */
export function publicModelViews(rows: readonly PublicModelRow[]): PublicModelView[] {
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [viewOf(first, [first, ...rest])],
  );
}

/** Prices are those of the endpoint that is tried first of those that have any. */
function viewOf(model: PublicModelRow, rows: readonly PublicModelRow[]): PublicModelView {
  const base = rows.find((row) => row.base !== null && isPriced(row.base))?.base ?? null;
  return {
    id: model.id,
    object: "model",
    created: Math.floor(model.createdAtMs / 1_000),
    owned_by: ownerOf(model),
    context_window: model.contextWindow,
    max_output_tokens: model.maxOutputTokens,
    pricing: base === null ? null : tableView(base),
  };
}

/** The models and, each in its place by id, the aliases of which a model can be called. */
export function withAliases(
  views: readonly PublicModelView[],
  aliases: readonly ModelAliasRow[],
): readonly PublicModelView[] {
  if (aliases.length === 0) return views;
  const callable = new Map(views.map((view) => [view.id, view]));
  const added = aliases.flatMap((alias) => aliasAsModel(alias, callable) ?? []);
  return [...views, ...added].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** An alias as a model: it shows what the first of its models that can be called does. Undefined when none can. */
export function aliasAsModel(
  { id, models, createdAtMs }: ModelAliasRow,
  callable: ReadonlyMap<string, PublicModelView>,
): PublicModelView | undefined {
  const first = models.map((model) => callable.get(model)).find((view) => view !== undefined);
  return first === undefined ? undefined : { ...first, id, created: Math.floor(createdAtMs / 1_000) };
}

function ownerOf({ id, provider }: PublicModelRow): string {
  const slash = id.indexOf("/");
  return slash === -1 ? provider : id.slice(0, slash);
}
