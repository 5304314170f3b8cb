import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import { type Answer, changed, err, ok, type Result } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";
import type { Call } from "../call.ts";
import { changeOwnCredential, findOwnCredential } from "../db/company-routing.ts";
import type { CredentialRow } from "../db/credentials.ts";
import { findProvider } from "../db/providers.ts";
import { hostOf } from "../domain/check-base-url.ts";
import { credentialBinding, hintOf } from "../domain/credential-binding.ts";
import { UpdateProviderCredentialInput } from "../domain/provider-credential-input.ts";
import { NO_SUCH_CREDENTIAL, providerCredentialView } from "../domain/provider-credential-view.ts";
import { verifyCredential } from "./verify-credential.ts";

/**
 * Renames a company's own key or puts another in its place, which is verified as a new one is. Needs
 * `provider_credentials:manage`. `not_found`, `invalid_request`, `upstream_error`,
 * `precondition_failed`, `conflict`.
 */
export async function updateProviderCredential(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
  ifMatch: string | null,
): Answer<ProviderCredentialView> {
  const allowed = requirePermission(actor, "provider_credentials:manage");
  if (!allowed.ok) return allowed;
  const before = await findOwnCredential(call.db, actor.companyId, id);
  if (before === undefined) return NO_SUCH_CREDENTIAL;
  const parsed = parseInput(UpdateProviderCredentialInput, input);
  if (!parsed.ok) return parsed;
  const current = checkRevision(ifMatch, before.revision);
  if (!current.ok) return current;
  const { name = before.name, api_key: secret, verify } = parsed.value;
  const key = secret === undefined ? ok({}) : await newKey(call, before, secret, verify);
  if (!key.ok) return key;
  const change = { ...key.value, name, revision: before.revision + 1, updatedAtMs: call.nowMs };
  const written = await changeOwnCredential(call.db, before, change);
  if (written === undefined) return lostRace(ifMatch);
  call.catalogue.companies.delete(actor.companyId);
  return changed(providerCredentialView(written), differenceOf(auditedOf(before), auditedOf(written)));
}

/** What the audit log says of a credential. When its key was verified tells that it is another, which may end alike. */
function auditedOf({ name, hint, host, revision, verifiedAtMs }: CredentialRow) {
  return { name, hint, host, revision, verified_at_ms: verifiedAtMs };
}

async function newKey(
  call: Call,
  before: CredentialRow,
  secret: string,
  verify: boolean,
): Promise<Result<Partial<CredentialRow>>> {
  const found = await findProvider(call.db, before.providerSlug);
  if (found === undefined) return err("conflict", "The provider is gone; this credential serves nothing any more.");
  const taken = verify ? await verifyCredential(call, found.provider, secret) : ok();
  if (!taken.ok) return taken;
  return ok({
    sealedSecret: await (await call.secretBox()).seal(secret, credentialBinding(before)),
    hint: hintOf(secret),
    host: hostOf(found.provider.baseUrl),
    verifiedAtMs: verify ? call.nowMs : null,
  });
}
