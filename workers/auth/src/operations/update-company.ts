import type { Actor } from "@aggregator/contracts/actor";
import type { CompanySettingsView } from "@aggregator/contracts/companies";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { changeCompany, findCompany } from "../db/companies.ts";
import { companySettings, NO_SUCH_COMPANY } from "../domain/company-settings.ts";
import { differenceOf } from "@aggregator/runtime/difference";
import { Name } from "../domain/fields.ts";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";

const UpdateCompany = z.strictObject({ name: Name.optional() });

/** Changes the company's name. Needs `company:update`. `invalid_request`, `precondition_failed`. */
export async function updateCompany(
  call: Call,
  actor: Actor,
  input: unknown,
  ifMatch: string | null,
): Answer<CompanySettingsView> {
  const allowed = requirePermission(actor, "company:update");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(UpdateCompany, input);
  if (!parsed.ok) return parsed;
  const before = await findCompany(call.db, actor.companyId);
  if (before === undefined) return NO_SUCH_COMPANY;
  const current = checkRevision(ifMatch, before.revision);
  if (!current.ok) return current;
  const { name = before.name } = parsed.value;
  const difference = differenceOf({ name: before.name }, { name });
  if (difference === null) return ok(companySettings(before));
  const [[changed]] = await call.db.batch([
    changeCompany(call.db, before, { name, updatedAtMs: call.nowMs }),
    auditIfChanged(call, { actor, action: "company.updated", targetId: before.id, ...difference }),
  ]);
  return changed === undefined ? lostRace(ifMatch) : ok(companySettings(changed));
}
