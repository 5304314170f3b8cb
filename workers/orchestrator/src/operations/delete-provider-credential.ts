import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, changed } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { deleteOwnCredential } from "../db/company-routing.ts";
import { NO_SUCH_CREDENTIAL } from "../domain/provider-credential-view.ts";

/** Removes one of the company's own keys; its requests go by the platform's again. Needs `provider_credentials:manage`. `not_found`. */
export async function deleteProviderCredential(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "provider_credentials:manage");
  if (!allowed.ok) return allowed;
  const deleted = await deleteOwnCredential(call.db, actor.companyId, id);
  if (deleted === undefined) return NO_SUCH_CREDENTIAL;
  call.catalogue.companies.delete(actor.companyId);
  const { providerSlug: provider, name, hint } = deleted;
  return changed(undefined, { before: { provider, name, hint }, after: null });
}
