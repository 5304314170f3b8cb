import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectOwnCredentials } from "../db/company-routing.ts";
import { pageOf, parsePage } from "../domain/page.ts";
import { providerCredentialView } from "../domain/provider-credential-view.ts";

/** The company's own keys by provider. Needs `provider_credentials:read`. */
export async function listProviderCredentials(
  call: Call,
  actor: Actor,
  query: unknown,
): Answer<Page<ProviderCredentialView>> {
  const allowed = requirePermission(actor, "provider_credentials:read");
  if (!allowed.ok) return allowed;
  const page = parsePage(query);
  if (!page.ok) return page;
  const rows = await selectOwnCredentials(call.db, actor.companyId, page.value.after, page.value.limit + 1);
  return ok(pageOf(rows.map(providerCredentialView), page.value.limit, (view) => view.provider));
}
