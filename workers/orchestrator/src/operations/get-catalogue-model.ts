import type { Actor } from "@aggregator/contracts/actor";
import type { ModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findModel, selectPricedEndpoints } from "../db/models.ts";
import { modelView } from "../domain/model-view.ts";

/** One model with its endpoints and prices. Operators only. `permission_denied`, `not_found`. */
export async function getCatalogueModel(call: Call, actor: Actor, id: string): Answer<ModelView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const model = await findModel(call.db, id);
  if (model === undefined) return noSuchModel();
  return ok(modelView(model, await selectPricedEndpoints(call.db, [id], call.nowMs)));
}

/** The answer for an id that no model has. */
export function noSuchModel() {
  return err("not_found", "There is no such model.");
}
