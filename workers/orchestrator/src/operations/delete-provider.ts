import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { deleteCredentialsOf } from "../db/credentials.ts";
import { removeEndpointsOfProvider } from "../db/endpoints.ts";
import { deleteProviderRow, findProvider } from "../db/providers.ts";
import { noSuchProvider } from "./get-provider.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Removes a provider with its credentials; its endpoints serve nothing more, also when the slug is used
 * again. Operators only. `permission_denied`, `not_found`.
 */
export async function deleteProvider(call: Call, actor: Actor, slug: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if ((await findProvider(call.db, slug)) === undefined) return noSuchProvider();
  await changeCatalogue(call, [
    deleteCredentialsOf(call.db, slug),
    removeEndpointsOfProvider(call.db, slug, call.nowMs),
    deleteProviderRow(call.db, slug),
  ]);
  return ok();
}
