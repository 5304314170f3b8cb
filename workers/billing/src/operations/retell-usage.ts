import type { Actor } from "@aggregator/contracts/actor";
import type { UsageRetold } from "@aggregator/contracts/billing";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Env } from "../env.ts";

const CompanyId = z.uuid();

/**
 * Has a company's account tell analytics all of its usage again, as part of a rebuild. Repeating it changes
 * nothing. Platform admins only. Errors: `permission_denied`, `not_found` for an id that is none.
 */
export async function retellUsage(env: Env, actor: Actor, companyId: string): Answer<UsageRetold> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const id = CompanyId.safeParse(companyId);
  if (!id.success) return err("not_found", "No such company.");
  return ok({ cells: await env.COMPANY_ACCOUNT.getByName(id.data).retellUsage() });
}
