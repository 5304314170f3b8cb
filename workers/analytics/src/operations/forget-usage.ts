import type { Actor } from "@aggregator/contracts/actor";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { deleteCompany } from "../db/delete-company.ts";

/**
 * Forgets a company's rollups, in one commit. The account then tells them again, and days that were derived
 * are derived again as their hours arrive; until then its usage reads low. Operators only.
 */
export async function forgetUsage(db: Database, actor: Actor, companyId: string): Promise<Result<void>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  await deleteCompany(db, companyId);
  return ok();
}
