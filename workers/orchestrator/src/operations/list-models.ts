import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { publicModelsStatement } from "../db/load-public-models.ts";
import { publicModelViews } from "../domain/public-model-view.ts";

/** Every model that can be called, by id, at most 10 s old. Needs no permission: the list is public. */
export async function listModels(call: Call): Answer<readonly PublicModelView[]> {
  const known = call.catalogue.list(call.nowMs);
  if (known !== undefined) return ok(known);
  const views = publicModelViews(await publicModelsStatement(call.db, call.nowMs, null).all());
  call.catalogue.putList(views, call.nowMs);
  return ok(views);
}
