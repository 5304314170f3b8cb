import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findOwnCredential } from "../db/company-routing.ts";
import { NO_SUCH_CREDENTIAL, providerCredentialView } from "../domain/provider-credential-view.ts";

/** One of the company's own keys. Needs `provider_credentials:read`. `not_found`. */
export async function getProviderCredential(call: Call, actor: Actor, id: string): Answer<ProviderCredentialView> {
  const allowed = requirePermission(actor, "provider_credentials:read");
  if (!allowed.ok) return allowed;
  const row = await findOwnCredential(call.db, actor.companyId, id);
  return row === undefined ? NO_SUCH_CREDENTIAL : ok(providerCredentialView(row));
}
