import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderPreferencesView } from "@aggregator/contracts/company-routing";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { preferencesStatement } from "../db/company-routing.ts";
import { providerPreferencesView } from "../domain/provider-preferences-view.ts";

/** The company's preferences; empty when it never set any. Needs `provider_preferences:read`. */
export async function getProviderPreferences(call: Call, actor: Actor): Answer<ProviderPreferencesView> {
  const allowed = requirePermission(actor, "provider_preferences:read");
  if (!allowed.ok) return allowed;
  return ok(providerPreferencesView(await preferencesStatement(call.db, actor.companyId).get()));
}
