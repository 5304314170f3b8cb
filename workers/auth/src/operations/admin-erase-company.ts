import type { Actor } from "@aggregator/contracts/actor";
import type { AdminCompanyView } from "@aggregator/contracts/companies";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { deleteAuditLog } from "../db/audit-log.ts";
import { changeCompany, findCompanyWithCount } from "../db/companies.ts";
import { eraseStatements } from "../db/erase.ts";
import { adminCompanyView, NO_SUCH_COMPANY } from "../domain/company-settings.ts";
import { erasedAddress } from "../domain/erased.ts";
import { ReasonInput } from "../domain/fields.ts";
import { operatorOf } from "../domain/operator.ts";
import { lostRace } from "@aggregator/runtime/revision";
import { forgetContacts } from "../members/forget-contacts.ts";

/**
 * Removes from a closed company all that tells who somebody is: names, addresses, passwords, second
 * factors, sessions, the log. Its ledger stays, under ids that lead to nobody. For operators; a repeat
 * answers alike. `invalid_request` without a reason, `not_found`, `conflict` unless it is closed.
 */
export async function adminEraseCompany(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
): Answer<AdminCompanyView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ReasonInput, input);
  if (!parsed.ok) return parsed;
  const found = await findCompanyWithCount(call.db, id);
  if (found === undefined) return NO_SUCH_COMPANY;
  const { company, members } = found;
  if (company.inactiveReason === "erased") return ok(adminCompanyView(company, members));
  if (company.inactiveReason !== "closed") return err("conflict", "Only a closed company can be erased.");

  // Before the memberships are gone: notifications forgets the addresses, too.
  await forgetContacts(call, id, (contact) => ({ ...contact, email: erasedAddress(contact.member_id) }));
  const erased = { name: "erased", email: erasedAddress(id), inactiveReason: "erased" } as const;
  const [[changed]] = await call.db.batch([
    changeCompany(call.db, company, { ...erased, preferences: null, updatedAtMs: call.nowMs }),
    deleteAuditLog(call.db, id),
    ...eraseStatements(call.db, id, call.nowMs),
    auditIfChanged(call, {
      actor: operatorOf(actor),
      companyId: id,
      action: "company.erased",
      targetId: id,
      after: { reason: parsed.value.reason },
    }),
  ]);
  return changed === undefined ? lostRace(null) : ok(adminCompanyView(changed, 0));
}
