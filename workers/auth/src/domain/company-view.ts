import type { CompanyView } from "@aggregator/contracts/auth";
import type { CompanyRow } from "../db/companies.ts";
import type { StoredRole } from "./roles.ts";

/** What a company's people see of it; `role` is the asker's. */
export function companyView(company: CompanyRow, role: string): CompanyView {
  return {
    id: company.id,
    name: company.name,
    email: company.email,
    role,
    is_active: company.isActive,
    is_verified: company.isVerified,
    referral_code: company.referralCode,
    created_at: new Date(company.createdAtMs).toISOString(),
  };
}

/** A role as people name it: a company's own by its name. */
export function roleName(role: StoredRole, customName: string | null): string {
  return role === "custom" ? (customName ?? role) : role;
}
