import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { ModelAliasView } from "@aggregator/contracts/routing-admin";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findModelAlias, putModelAlias } from "../db/model-aliases.ts";
import { selectModelIds } from "../db/models.ts";
import { ModelId } from "../domain/fields.ts";
import { ModelAliasInput, modelAliasView } from "../domain/model-alias.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Makes an alias or replaces what it stands for: models that are there. Operators only.
 * `permission_denied`, `invalid_request` naming the field, `already_exists` where a model has the id.
 */
export async function setModelAlias(call: Call, actor: Actor, id: string, input: unknown): Answer<ModelAliasView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (!ModelId.safeParse(id).success) return err("invalid_request", "id: must be like a model id", { param: "id" });
  const parsed = parseInput(ModelAliasInput, input);
  if (!parsed.ok) return parsed;
  const { models } = parsed.value;
  const known = new Set(await selectModelIds(call.db, [id, ...models]));
  if (known.has(id)) return err("already_exists", `There is a model ${id} already.`, { param: "id" });
  const missing = models.findIndex((model) => !known.has(model));
  if (missing !== -1) {
    const param = `models.${missing}`;
    return err("invalid_request", `${param}: there is no such model`, { param });
  }
  const before = await findModelAlias(call.db, id);
  const row = { id, models, createdAtMs: before?.createdAtMs ?? call.nowMs, updatedAtMs: call.nowMs };
  await changeCatalogue(call, [putModelAlias(call.db, row)]);
  return ok(modelAliasView(row));
}
