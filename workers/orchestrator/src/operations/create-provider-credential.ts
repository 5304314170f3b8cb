import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import { type Answer, changed, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { isUniqueViolation } from "../db/client.ts";
import { insertCredential, type CredentialRow } from "../db/credentials.ts";
import { findProvider } from "../db/providers.ts";
import { hostOf } from "../domain/check-base-url.ts";
import { credentialBinding, hintOf } from "../domain/credential-binding.ts";
import { CreateProviderCredentialInput } from "../domain/provider-credential-input.ts";
import { providerCredentialView } from "../domain/provider-credential-view.ts";
import { verifyCredential } from "./verify-credential.ts";

/**
 * Saves a company's own key for a provider, sealed to its row and company, once the provider has taken
 * it. Needs `provider_credentials:manage`. `invalid_request` naming the field (a key that the provider
 * refuses is `api_key`), `upstream_error` when it cannot be asked, `already_exists`.
 */
export async function createProviderCredential(
  call: Call,
  actor: Actor,
  input: unknown,
): Answer<ProviderCredentialView> {
  const allowed = requirePermission(actor, "provider_credentials:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateProviderCredentialInput, input);
  if (!parsed.ok) return parsed;
  const { provider: slug, name, api_key: secret, verify } = parsed.value;
  const found = await findProvider(call.db, slug);
  if (found === undefined) return err("invalid_request", "provider: there is no such provider", { param: "provider" });
  const taken = verify ? await verifyCredential(call, found.provider, secret) : ok();
  if (!taken.ok) return taken;
  const place = { id: call.newId(), providerSlug: slug, companyId: actor.companyId };
  const row: CredentialRow = {
    ...place,
    sealedSecret: await (await call.secretBox()).seal(secret, credentialBinding(place)),
    hint: hintOf(secret),
    name,
    host: hostOf(found.provider.baseUrl),
    revision: 1,
    verifiedAtMs: verify ? call.nowMs : null,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
  try {
    await insertCredential(call.db, row);
  } catch (error) {
    if (!isUniqueViolation(error, "credentials.company_id, credentials.provider_slug")) throw error;
    return err("already_exists", `There is a credential for ${slug} already.`, { param: "provider" });
  }
  call.catalogue.companies.delete(actor.companyId);
  return changed(providerCredentialView(row), { before: null, after: { provider: slug, name, hint: row.hint } });
}
