import { err, ok, type Result } from "@aggregator/contracts/result";
import type { listCompaniesOf } from "../db/members.ts";
import { requireActiveCompany } from "../domain/company-state.ts";

export type Joined = Awaited<ReturnType<typeof listCompaniesOf>>[number];

/** The company that a member signs in to: the wanted one, else the first active one that it joined. `permission_denied`, `company_suspended`. */
export function chooseCompany(companies: readonly Joined[], wanted: string | undefined): Result<Joined> {
  const eligible = wanted === undefined ? companies : companies.filter(({ company }) => company.id === wanted);
  const chosen = eligible.find(({ company }) => company.isActive) ?? eligible[0];
  if (chosen === undefined) return err("permission_denied", "You are not a member of such a company.");
  const active = requireActiveCompany(chosen.company);
  return active.ok ? ok(chosen) : active;
}
