import { err, ok, type Result } from "@aggregator/contracts/result";

/** `company_suspended` unless the company is active. Only told to somebody who proved to belong to it. */
export function requireActiveCompany(company: { readonly isActive: boolean }): Result<void> {
  if (company.isActive) return ok();
  return err("company_suspended", "The company's account is suspended or closed. Write to support.");
}
