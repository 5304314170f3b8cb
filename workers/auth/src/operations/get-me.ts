import type { Actor } from "@aggregator/contracts/actor";
import type { MeView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { findApiKey } from "../db/api-keys.ts";
import { findCompany } from "../db/companies.ts";
import { findMembership } from "../db/members.ts";
import { companyView, roleName } from "../domain/company-view.ts";

/** The company, member or key behind the credential, and what it may do. Needs no permission: it is about the asker. */
export async function getMe(call: Call, actor: Actor): Answer<MeView> {
  const [company, membership, key] = await Promise.all([
    findCompany(call.db, actor.companyId),
    actor.kind === "member" && actor.memberId !== null
      ? findMembership(call.db, actor.companyId, actor.memberId)
      : undefined,
    actor.keyId === null ? undefined : findApiKey(call.db, actor.companyId, actor.keyId),
  ]);
  if (company === undefined) return err("not_found", "There is no such company.");
  const role = membership === undefined ? "api_key" : roleName(membership.role, membership.customName);
  return ok({
    company: companyView(company, role),
    member: membership === undefined ? null : { ...membership.member, role },
    key: key === undefined ? null : { id: key.id, name: key.name },
    permissions: actor.permissions,
    platform_admin: actor.platformAdmin,
  });
}
