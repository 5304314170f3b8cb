import type { Actor } from "@aggregator/contracts/actor";
import type { ModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { isUniqueViolation } from "../db/client.ts";
import { insertModel, type ModelRow } from "../db/models.ts";
import { CreateModelInput } from "../domain/model-input.ts";
import { modelView } from "../domain/model-view.ts";
import { setEndpoints } from "./set-endpoints.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Adds a model. Without prices it is there but refused as `model_not_priced`. Operators only.
 * `permission_denied`, `invalid_request` naming the field, `already_exists`.
 */
export async function createModel(call: Call, actor: Actor, input: unknown): Answer<ModelView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateModelInput, input);
  if (!parsed.ok) return parsed;
  const row: ModelRow = {
    id: parsed.value.id,
    contextWindow: parsed.value.context_window ?? null,
    maxOutputTokens: parsed.value.max_output_tokens ?? null,
    strategy: parsed.value.strategy ?? "priority",
    isSticky: parsed.value.sticky ?? false,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
  const change = await setEndpoints(call, row.id, parsed.value.endpoints ?? []);
  if (!change.ok) return change;
  try {
    await changeCatalogue(call, [insertModel(call.db, row), ...change.value.statements]);
  } catch (error) {
    if (!isUniqueViolation(error, "models.id")) throw error;
    return err("already_exists", `There is a model ${row.id} already.`, { param: "id" });
  }
  return ok(modelView(row, change.value.endpoints));
}
