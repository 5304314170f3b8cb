import type { Actor } from "@aggregator/contracts/actor";
import type { Permission } from "@aggregator/contracts/permissions";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { findWebhook, type Webhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";

/** The actor's own webhook; another company's id is `not_found` like one that never was. */
export async function ownWebhook(
  { db }: Dependencies,
  actor: Actor,
  id: string,
  permission: Permission,
): Promise<Result<Webhook>> {
  const allowed = requirePermission(actor, permission);
  if (!allowed.ok) return allowed;
  const webhook = await findWebhook(db, actor.companyId, id);
  return webhook === undefined ? err("not_found", "There is no such webhook.") : ok(webhook);
}
