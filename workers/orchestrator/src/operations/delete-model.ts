import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { removeEndpointsOfModel } from "../db/endpoints.ts";
import { deleteModelRow, findModel } from "../db/models.ts";
import { noSuchModel } from "./get-catalogue-model.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/** Removes a model; its endpoints and prices stay as records. Operators only. `permission_denied`, `not_found`. */
export async function deleteModel(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if ((await findModel(call.db, id)) === undefined) return noSuchModel();
  await changeCatalogue(call, [removeEndpointsOfModel(call.db, id, call.nowMs), deleteModelRow(call.db, id)]);
  return ok();
}
