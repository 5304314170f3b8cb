import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { publicModelsStatement } from "../db/load-public-models.ts";
import { findModelAlias } from "../db/model-aliases.ts";
import { findModel } from "../db/models.ts";
import { aliasAsModel, publicModelViews } from "../domain/public-model-view.ts";

/** One model or alias that can be called. `model_not_found` for any other, as a call to it would say. */
export async function getModel(call: Call, id: string): Answer<PublicModelView> {
  const view = (await readViews(call, [id])).get(id) ?? (await readAlias(call, id));
  return view === undefined ? err("model_not_found", "There is no such model.", { param: "model" }) : ok(view);
}

async function readAlias(call: Call, id: string): Promise<PublicModelView | undefined> {
  const alias = await findModelAlias(call.db, id);
  // A model of the same name stands before the alias, also where it cannot be called.
  if (alias === undefined || (await findModel(call.db, id)) !== undefined) return undefined;
  return aliasAsModel(alias, await readViews(call, alias.models));
}

async function readViews(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, PublicModelView>> {
  const rows = await publicModelsStatement(call.db, call.nowMs, ids).all();
  return new Map(publicModelViews(rows).map((view) => [view.id, view]));
}
