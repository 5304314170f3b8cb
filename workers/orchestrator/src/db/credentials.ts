import { and, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { credentials } from "./schema/credentials.ts";

export type CredentialRow = typeof credentials.$inferSelect;

/** Statement: a new credential; the one that its owner had for the provider is deleted in the same batch. */
export function insertCredential(db: Database, row: CredentialRow) {
  return db.insert(credentials).values(row);
}

/** Statement: removes the credential of an owner for a provider; none is no error. */
export function deleteCredential(db: Database, owner: { readonly companyId: string; readonly providerSlug: string }) {
  return db
    .delete(credentials)
    .where(and(eq(credentials.companyId, owner.companyId), eq(credentials.providerSlug, owner.providerSlug)));
}

/** Statement: removes every credential for a provider. */
export function deleteCredentialsOf(db: Database, providerSlug: string) {
  return db.delete(credentials).where(eq(credentials.providerSlug, providerSlug));
}
