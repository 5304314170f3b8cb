import type { Actor } from "@aggregator/contracts/actor";
import type { KeyAccess } from "@aggregator/contracts/key-access";
import { type Answer, ok, type Result } from "@aggregator/contracts/result";
import { requirePermission, requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** The account refuses keys, or takes them again, from its very next reserve on. Needs `api_keys:manage`; idempotent. */
export async function changeKeyAccess(env: Env, { actor, ...keys }: KeyAccess): Answer<void> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  if (keys.revoked.length + keys.paused.length + keys.resumed.length === 0) return ok();
  await accountOf(env, actor).changeKeyAccess(keys);
  return ok();
}

/** The account refuses every key. For operators, or with `company:close` about one's own company; idempotent. */
export async function suspendAccount(env: Env, actor: Actor, companyId: string): Answer<void> {
  const mayClose = actor.companyId === companyId && actor.permissions.includes("company:close");
  const allowed: Result<void> = mayClose ? ok() : requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  await env.COMPANY_ACCOUNT.getByName(companyId).setSuspended(true);
  return ok();
}

/** The account takes the company's keys again. For operators; idempotent. */
export async function resumeAccount(env: Env, actor: Actor, companyId: string): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  await env.COMPANY_ACCOUNT.getByName(companyId).setSuspended(false);
  return ok();
}
