import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { publicModelsStatement } from "../db/load-public-models.ts";
import { selectReachableAliases } from "../db/model-aliases.ts";
import { publicModelViews, withAliases } from "../domain/public-model-view.ts";

/** Every model and alias that can be called, by id, at most 10 s old. Needs no permission: the list is public. */
export async function listModels(call: Call): Answer<readonly PublicModelView[]> {
  const known = call.catalogue.list(call.nowMs);
  if (known !== undefined) return ok(known);
  const [rows, aliases] = await Promise.all([
    publicModelsStatement(call.db, call.nowMs, null).all(),
    selectReachableAliases(call.db),
  ]);
  const views = withAliases(publicModelViews(rows), aliases);
  call.catalogue.putList(views, call.nowMs);
  return ok(views);
}
