import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { publicModelsStatement } from "../db/load-public-models.ts";
import { publicModelViews } from "../domain/public-model-view.ts";

/** One model that can be called. `model_not_found` for any other, as a call to it would say. */
export async function getModel(call: Call, id: string): Answer<PublicModelView> {
  const [view] = publicModelViews(await publicModelsStatement(call.db, call.nowMs, id).all());
  if (view !== undefined) return ok(view);
  return err("model_not_found", "There is no such model.", { param: "model" });
}
