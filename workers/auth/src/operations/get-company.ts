import type { Actor } from "@aggregator/contracts/actor";
import type { CompanySettingsView } from "@aggregator/contracts/companies";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findCompany } from "../db/companies.ts";
import { companySettings, NO_SUCH_COMPANY } from "../domain/company-settings.ts";

/** The actor's company. Needs `company:read`. */
export async function getCompany(call: Call, actor: Actor): Answer<CompanySettingsView> {
  const allowed = requirePermission(actor, "company:read");
  if (!allowed.ok) return allowed;
  const company = await findCompany(call.db, actor.companyId);
  return company === undefined ? NO_SUCH_COMPANY : ok(companySettings(company));
}
