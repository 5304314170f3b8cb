import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import { err } from "@aggregator/contracts/result";
import type { CredentialRow } from "../db/credentials.ts";

/** A company's own key as it sees it: what to recognise it by, never the key. */
export function providerCredentialView(row: CredentialRow): ProviderCredentialView {
  return {
    id: row.id,
    provider: row.providerSlug,
    name: row.name,
    hint: row.hint,
    verified_at: row.verifiedAtMs === null ? null : new Date(row.verifiedAtMs).toISOString(),
    revision: row.revision,
    created_at: new Date(row.createdAtMs).toISOString(),
    updated_at: new Date(row.updatedAtMs).toISOString(),
  };
}

/** The answer for an id that the company has not. */
export const NO_SUCH_CREDENTIAL = err("not_found", "There is no such provider credential.");
