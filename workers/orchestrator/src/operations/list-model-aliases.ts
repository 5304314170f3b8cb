import type { Actor } from "@aggregator/contracts/actor";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { ModelAliasView } from "@aggregator/contracts/routing-admin";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectModelAliases } from "../db/model-aliases.ts";
import { modelAliasView } from "../domain/model-alias.ts";
import { pageOf, parsePage } from "../domain/page.ts";

/** Aliases by id. Operators only. `permission_denied`, `invalid_request`. */
export async function listModelAliases(call: Call, actor: Actor, query: unknown): Answer<Page<ModelAliasView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const page = parsePage(query);
  if (!page.ok) return page;
  const rows = await selectModelAliases(call.db, page.value.after, page.value.limit + 1);
  return ok(pageOf(rows.map(modelAliasView), page.value.limit, (view) => view.id));
}
