import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";

/**
 * Forgets what the clients of a company wrote on its requests, for a company that is erased. The ledger, the receipts
 * and the archive stay, under ids that lead to nobody: what was paid must stay provable. For operators; idempotent.
 */
export async function eraseAccount(env: Env, actor: Actor, companyId: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  for (let after: string | null = ""; after !== null;) after = await account.eraseClientWords(after);
  return ok();
}
