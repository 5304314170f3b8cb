import type { Actor } from "@aggregator/contracts/actor";
import { changed, type Result } from "@aggregator/contracts/result";
import { deleteWebhook as removeWebhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { ownWebhook } from "./own-webhook.ts";

/** Removes a webhook and its deliveries. Needs `webhooks:manage`. Errors: `permission_denied`, `not_found`. */
export async function deleteWebhook(dependencies: Dependencies, actor: Actor, id: string): Promise<Result<void>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:manage");
  if (!webhook.ok) return webhook;
  await removeWebhook(dependencies.db, actor.companyId, id);
  return changed(undefined, { before: { url: webhook.value.url }, after: null });
}
