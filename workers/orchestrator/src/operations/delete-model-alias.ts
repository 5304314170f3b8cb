import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { deleteModelAliasRow, findModelAlias } from "../db/model-aliases.ts";
import { changeCatalogue } from "./change-catalogue.ts";
import { noSuchAlias } from "./get-model-alias.ts";

/** Removes an alias; calls to it are `model_not_found`. Operators only. `permission_denied`, `not_found`. */
export async function deleteModelAlias(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if ((await findModelAlias(call.db, id)) === undefined) return noSuchAlias();
  await changeCatalogue(call, [deleteModelAliasRow(call.db, id)]);
  return ok();
}
