import type { Actor } from "@aggregator/contracts/actor";
import type { CompanySettingsView } from "@aggregator/contracts/companies";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { audit } from "../db/audit.ts";
import { findCompany } from "../db/companies.ts";
import { companySettings, NO_SUCH_COMPANY } from "../domain/company-settings.ts";

/** Begins a copy of all that the company has; the log says who took it. Needs `company:export`. */
export async function startExport(call: Call, actor: Actor): Answer<CompanySettingsView> {
  const allowed = requirePermission(actor, "company:export");
  if (!allowed.ok) return allowed;
  const company = await findCompany(call.db, actor.companyId);
  if (company === undefined) return NO_SUCH_COMPANY;
  await audit(call, { actor, action: "company.exported", targetId: company.id });
  return ok(companySettings(company));
}
