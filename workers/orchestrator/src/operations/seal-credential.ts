import type { Call } from "../call.ts";
import type { Statement } from "../db/client.ts";
import { deleteCredential, insertCredential } from "../db/credentials.ts";
import { credentialBinding, hintOf } from "../domain/credential-binding.ts";

export interface CredentialOwner {
  readonly providerSlug: string;
  /** PLATFORM or the company that brought the key. */
  readonly companyId: string;
}

/**
 * Statements that put `secret` in the place of what the owner had; null or empty removes it. The row
 * gets a new id, so that a health record of the old key says nothing about the new one.
 */
export async function sealCredential(call: Call, owner: CredentialOwner, secret: string | null): Promise<Statement[]> {
  const removal = deleteCredential(call.db, owner);
  if (secret === null || secret === "") return [removal];
  const row = { id: call.newId(), ...owner, name: "", host: "", revision: 1, verifiedAtMs: null };
  const box = await call.secretBox();
  const sealedSecret = await box.seal(secret, credentialBinding(row));
  const times = { createdAtMs: call.nowMs, updatedAtMs: call.nowMs };
  return [removal, insertCredential(call.db, { ...row, ...times, sealedSecret, hint: hintOf(secret) })];
}
