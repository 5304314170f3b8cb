import { asc, eq, getTableColumns, gt, inArray, isNull } from "drizzle-orm";
import type { Database } from "./client.ts";
import { modelAliases } from "./schema/model-aliases.ts";
import { models } from "./schema/models.ts";

export type ModelAliasRow = typeof modelAliases.$inferSelect;

/** More aliases than this are not in the public list: a bound, so that no query is without one. */
const MAX_LISTED = 5_000;

export function findModelAlias(db: Database, id: string): Promise<ModelAliasRow | undefined> {
  return db.select().from(modelAliases).where(eq(modelAliases.id, id)).get();
}

/** Those of these names (at most 90) that are aliases, by their keys. */
export function modelAliasesStatement(db: Database, ids: readonly string[]) {
  return db
    .select()
    .from(modelAliases)
    .where(inArray(modelAliases.id, [...ids]));
}

/** Aliases by id, from after `afterId` on. */
export function selectModelAliases(db: Database, afterId: string | null, limit: number): Promise<ModelAliasRow[]> {
  return db
    .select()
    .from(modelAliases)
    .where(afterId === null ? undefined : gt(modelAliases.id, afterId))
    .orderBy(asc(modelAliases.id))
    .limit(limit)
    .all();
}

/** Aliases that calls reach: those whose id no model has. */
export function selectReachableAliases(db: Database): Promise<ModelAliasRow[]> {
  return db
    .select(getTableColumns(modelAliases))
    .from(modelAliases)
    .leftJoin(models, eq(models.id, modelAliases.id))
    .where(isNull(models.id))
    .orderBy(asc(modelAliases.id))
    .limit(MAX_LISTED)
    .all();
}

/** Statement: makes an alias, or changes what the one of its id stands for. */
export function putModelAlias(db: Database, row: ModelAliasRow) {
  return db
    .insert(modelAliases)
    .values(row)
    .onConflictDoUpdate({ target: modelAliases.id, set: { models: row.models, updatedAtMs: row.updatedAtMs } });
}

/** Statement: removes an alias. */
export function deleteModelAliasRow(db: Database, id: string) {
  return db.delete(modelAliases).where(eq(modelAliases.id, id));
}
