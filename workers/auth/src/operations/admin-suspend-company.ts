import type { Actor } from "@aggregator/contracts/actor";
import type { AdminCompanyView } from "@aggregator/contracts/companies";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { changeCompany, findCompanyWithCount } from "../db/companies.ts";
import { adminCompanyView, NO_SUCH_COMPANY } from "../domain/company-settings.ts";
import { ReasonInput } from "../domain/fields.ts";
import { operatorOf } from "../domain/operator.ts";
import { lostRace } from "@aggregator/runtime/revision";

type Found = NonNullable<Awaited<ReturnType<typeof findCompanyWithCount>>>;
type State = Pick<Found["company"], "isActive" | "inactiveReason">;

/**
 * All sessions and keys of a company are refused from their next request on: `company_suspended`. For
 * operators; a repeat answers alike. `invalid_request` without a reason, `not_found`, `conflict` for a
 * closed company and for the operator's own.
 */
export async function adminSuspendCompany(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
): Answer<AdminCompanyView> {
  if (actor.platformAdmin && actor.companyId === id) return OWN_COMPANY;
  return change(call, actor, id, input, "company.suspended", ({ company }) => {
    if (company.inactiveReason === "closed" || company.inactiveReason === "erased") return CLOSED;
    return ok({ isActive: false, inactiveReason: "suspended" });
  });
}

/** A suspended or closed company may go on; keys and sessions that ended stay ended. For operators. `conflict` for an erased one. */
export async function adminReactivateCompany(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
): Answer<AdminCompanyView> {
  return change(call, actor, id, input, "company.reactivated", ({ company }) =>
    company.inactiveReason === "erased" ? ERASED : ok({ isActive: true, inactiveReason: null }),
  );
}

async function change(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
  action: string,
  nextOf: (found: Found) => Result<State>,
): Answer<AdminCompanyView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ReasonInput, input);
  if (!parsed.ok) return parsed;
  const found = await findCompanyWithCount(call.db, id);
  if (found === undefined) return NO_SUCH_COMPANY;
  const next = nextOf(found);
  if (!next.ok) return next;
  const { company, members } = found;
  if (next.value.isActive === company.isActive) return ok(adminCompanyView(company, members));
  const [[changed]] = await call.db.batch([
    changeCompany(call.db, company, { ...next.value, updatedAtMs: call.nowMs }),
    auditIfChanged(call, {
      actor: operatorOf(actor),
      companyId: id,
      action,
      targetId: id,
      before: { is_active: company.isActive, inactive_reason: company.inactiveReason },
      after: { is_active: next.value.isActive, reason: parsed.value.reason },
    }),
  ]);
  return changed === undefined ? lostRace(null) : ok(adminCompanyView(changed, members));
}

const CLOSED = err("conflict", "The company is closed already.");
const ERASED = err("conflict", "The company was erased: nothing is left to go on with.");
const OWN_COMPANY = err("conflict", "This is the company that you are signed in to.");
