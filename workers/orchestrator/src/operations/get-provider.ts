import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findProvider } from "../db/providers.ts";
import { providerView } from "../domain/provider-view.ts";

/** One provider. Operators only. `permission_denied`, `not_found`. */
export async function getProvider(call: Call, actor: Actor, slug: string): Answer<ProviderView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const found = await findProvider(call.db, slug);
  return found === undefined ? noSuchProvider() : ok(providerView(found.provider, found.credentialId !== null));
}

/** The answer for a slug that nobody has. */
export function noSuchProvider() {
  return err("not_found", "There is no such provider.");
}
