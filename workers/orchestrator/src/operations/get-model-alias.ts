import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { ModelAliasView } from "@aggregator/contracts/routing-admin";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findModelAlias } from "../db/model-aliases.ts";
import { modelAliasView } from "../domain/model-alias.ts";

/** What an alias stands for. Operators only. `permission_denied`, `not_found`. */
export async function getModelAlias(call: Call, actor: Actor, id: string): Answer<ModelAliasView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const row = await findModelAlias(call.db, id);
  return row === undefined ? noSuchAlias() : ok(modelAliasView(row));
}

/** The answer for an id that no alias has. */
export function noSuchAlias() {
  return err("not_found", "There is no such alias.");
}
