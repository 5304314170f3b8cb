import type { AdminCompanyView, CompanySettingsView } from "@aggregator/contracts/companies";
import { err } from "@aggregator/contracts/result";
import type { CompanyRow } from "../db/companies.ts";

export const NO_SUCH_COMPANY = err("not_found", "There is no such company.");

/** A company as its settings show it. */
export function companySettings(company: CompanyRow): CompanySettingsView {
  return {
    id: company.id,
    name: company.name,
    email: company.email,
    is_active: company.isActive,
    is_verified: company.isVerified,
    referral_code: company.referralCode,
    revision: company.revision,
    created_at: new Date(company.createdAtMs).toISOString(),
  };
}

/** A company as operators see it. */
export function adminCompanyView(company: CompanyRow, members: number): AdminCompanyView {
  return {
    id: company.id,
    name: company.name,
    email: company.email,
    is_active: company.isActive,
    inactive_reason: company.inactiveReason,
    is_verified: company.isVerified,
    members,
    revision: company.revision,
    created_at: new Date(company.createdAtMs).toISOString(),
  };
}
