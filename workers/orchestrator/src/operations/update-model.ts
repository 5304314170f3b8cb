import type { Actor } from "@aggregator/contracts/actor";
import type { ModelView } from "@aggregator/contracts/orchestrator";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { changeModel, findModel, selectPricedEndpoints } from "../db/models.ts";
import { UpdateModelInput } from "../domain/model-input.ts";
import { modelView } from "../domain/model-view.ts";
import { noSuchModel } from "./get-catalogue-model.ts";
import { setEndpoints } from "./set-endpoints.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Changes a model; absent fields stay, `endpoints` replaces the whole list. Operators only.
 * `permission_denied`, `not_found`, `invalid_request` naming the field.
 */
export async function updateModel(call: Call, actor: Actor, id: string, input: unknown): Answer<ModelView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(UpdateModelInput, input);
  if (!parsed.ok) return parsed;
  const model = await findModel(call.db, id);
  if (model === undefined) return noSuchModel();
  const { context_window, max_output_tokens, endpoints, strategy, sticky } = parsed.value;
  const change = {
    contextWindow: context_window === undefined ? model.contextWindow : context_window,
    maxOutputTokens: max_output_tokens === undefined ? model.maxOutputTokens : max_output_tokens,
    strategy: strategy ?? model.strategy,
    isSticky: sticky ?? model.isSticky,
    updatedAtMs: call.nowMs,
  };
  const update = changeModel(call.db, id, change);
  if (endpoints === undefined) {
    await changeCatalogue(call, [update]);
    return ok(modelView({ ...model, ...change }, await selectPricedEndpoints(call.db, [id], call.nowMs)));
  }
  const changed = await setEndpoints(call, id, endpoints);
  if (!changed.ok) return changed;
  await changeCatalogue(call, [update, ...changed.value.statements]);
  return ok(modelView({ ...model, ...change }, changed.value.endpoints));
}
