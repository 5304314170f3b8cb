import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import { type OidcIdentityRow, selectIdentitiesOf } from "../db/oidc-identities.ts";

export interface OidcIdentity extends OidcIdentityRow {
  /** Follows from issuer and subject, either of which may be too long for a path. */
  readonly id: string;
}

const ID_DIGITS = 32;

/** What a member may sign in by elsewhere, in the order of the ids. */
export async function identitiesOf(call: Call, memberId: string): Promise<readonly OidcIdentity[]> {
  const rows = await selectIdentitiesOf(call.db, memberId);
  const identities = await Promise.all(
    rows.map(async (row) => {
      const digest = await sha256Hex(JSON.stringify([row.issuer, row.subject]));
      return { ...row, id: digest.slice(0, ID_DIGITS) };
    }),
  );
  return identities.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}
