import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderView } from "@aggregator/contracts/orchestrator";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectProviders } from "../db/providers.ts";
import { pageOf, parsePage } from "../domain/page.ts";
import { providerView } from "../domain/provider-view.ts";

/** Providers by slug, set up or not. Operators only. `permission_denied`, `invalid_request`. */
export async function listProviders(call: Call, actor: Actor, query: unknown): Answer<Page<ProviderView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const page = parsePage(query);
  if (!page.ok) return page;
  const rows = await selectProviders(call.db, page.value.after, page.value.limit + 1);
  const views = rows.map(({ provider, credentialId }) => providerView(provider, credentialId !== null));
  return ok(pageOf(views, page.value.limit, (view) => view.slug));
}
