import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderHealthView } from "@aggregator/contracts/provider-health";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectEnabledProviders, selectProviderOfEndpoint } from "../db/health-targets.ts";

/** Circuits and set-aside credentials of every provider that is on. Operators only. */
export async function adminHealth(call: Call, actor: Actor): Answer<ProviderHealthView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const providers = await selectEnabledProviders(call.db);
  const views = await Promise.all(
    providers.map(({ provider }) => call.providerHealth.getByName(provider.slug).view(provider.slug)),
  );
  return ok({
    circuits: views.flatMap(({ circuits }) => circuits),
    credentials: views.flatMap(({ credentials }) => credentials),
  });
}

/** Closes a circuit and takes its provider's credentials back; isolates learn it with their next report. Operators only. `not_found`. */
export async function adminResetHealth(call: Call, actor: Actor, endpointId: string): Answer<ProviderHealthView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const provider = await selectProviderOfEndpoint(call.db, endpointId);
  if (provider === undefined) return err("not_found", "There is no such endpoint.");
  return ok(await call.providerHealth.getByName(provider).reset(provider, endpointId));
}
