import type { Actor } from "@aggregator/contracts/actor";
import type { ModelView } from "@aggregator/contracts/orchestrator";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectModels, selectPricedEndpoints } from "../db/models.ts";
import { modelView } from "../domain/model-view.ts";
import { pageOf, parsePage } from "../domain/page.ts";

/** The catalogue by id, callable or not. Operators only. `permission_denied`, `invalid_request`. */
export async function listCatalogueModels(call: Call, actor: Actor, query: unknown): Answer<Page<ModelView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const page = parsePage(query);
  if (!page.ok) return page;
  const models = await selectModels(call.db, page.value.after, page.value.limit + 1);
  const endpoints = await selectPricedEndpoints(
    call.db,
    models.map(({ id }) => id),
    call.nowMs,
  );
  const views = models.map((model) => modelView(model, endpoints));
  return ok(pageOf(views, page.value.limit, (view) => view.id));
}
