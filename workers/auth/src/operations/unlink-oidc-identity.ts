import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { findAddress } from "../db/addresses.ts";
import { unlinkSubject } from "../db/oidc-identities.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import { identitiesOf } from "../oidc/identities-of.ts";

const NO_SUCH_IDENTITY = err("not_found", "There is no such identity.");
const LAST_WAY = err(
  "conflict",
  "You could not sign in without this. Set a password first, by the link for a forgotten one.",
);

/**
 * The asker signs in by this subject of an issuer no more; sessions that it began last. `not_found`, also
 * for another's; `conflict` for the last way to sign in; `permission_denied` for an API key.
 */
export async function unlinkOidcIdentity(call: Call, actor: Actor, id: string): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const { memberId } = person.value;
  const identity = (await identitiesOf(call, memberId)).find((own) => own.id === id);
  if (identity === undefined) return NO_SUCH_IDENTITY;
  const { issuer } = identity;
  const audit = await auditInCompanies(call, memberId, { action: "oidc_identity.unlinked", before: { issuer } });
  const [unlinked] = await call.db.batch([unlinkSubject(call.db, identity, call.config.OIDC_ISSUER), ...audit]);
  if (unlinked.length === 0) {
    // Unlinked by somebody else in between, or the last way.
    const isThere = (await identitiesOf(call, memberId)).some((own) => own.id === id);
    return isThere ? LAST_WAY : NO_SUCH_IDENTITY;
  }
  const address = await findAddress(call.db, memberId);
  if (address !== undefined) tellSecurity(call, address.email, `signing in by ${issuer} was ended`.slice(0, 500));
  return ok();
}
