import type { Actor } from "@aggregator/contracts/actor";
import type { MeView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { findApiKey } from "../db/api-keys.ts";
import { findCompany } from "../db/companies.ts";
import { findMembership, listCompaniesOf } from "../db/members.ts";
import { companyView, roleName } from "../domain/company-view.ts";

/** The company, member or key behind the credential, and what it may do. Needs no permission: it is about the asker. */
export async function getMe(call: Call, actor: Actor): Answer<MeView> {
  const personId = actor.kind === "member" ? actor.memberId : null;
  const [company, membership, key, joined] = await Promise.all([
    findCompany(call.db, actor.companyId),
    personId === null ? undefined : findMembership(call.db, actor.companyId, personId),
    actor.keyId === null ? undefined : findApiKey(call.db, actor.companyId, actor.keyId),
    personId === null ? [] : listCompaniesOf(call.db, personId),
  ]);
  if (company === undefined) return err("not_found", "There is no such company.");
  const role = membership === undefined ? "api_key" : roleName(membership.role, membership.customName);
  return ok({
    company: companyView(company, role),
    member: membership === undefined ? null : { ...membership.member, role },
    key: key === undefined ? null : { id: key.id, name: key.name },
    companies: joined.map((one) => ({
      id: one.company.id,
      name: one.company.name,
      role: roleName(one.role, one.customName),
      is_active: one.company.isActive,
    })),
    permissions: actor.permissions,
    platform_admin: actor.platformAdmin,
  });
}
