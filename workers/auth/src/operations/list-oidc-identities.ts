import type { Actor } from "@aggregator/contracts/actor";
import type { OidcIdentityView } from "@aggregator/contracts/identity";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import type { Call } from "../call.ts";
import { requirePerson } from "../domain/own-account.ts";
import { pageOf, positionOf } from "../domain/page.ts";
import { identitiesOf, type OidcIdentity } from "../oidc/identities-of.ts";

/** What the asker may sign in by at issuers. `permission_denied` for an API key, `invalid_request` for a bad limit or cursor. */
export async function listOidcIdentities(call: Call, actor: Actor, query: unknown): Answer<Page<OidcIdentityView>> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const after = positionOf(parsed.value.cursor);
  if (!after.ok) return after;
  const all = await identitiesOf(call, person.value.memberId);
  const rest = all.filter(({ id }) => after.value === null || id > after.value);
  return ok(pageOf(rest, parsed.value.limit, viewOf));
}

function viewOf({ id, issuer, subject, createdAtMs }: OidcIdentity): OidcIdentityView {
  return { id, issuer, subject, created_at: new Date(createdAtMs).toISOString() };
}
