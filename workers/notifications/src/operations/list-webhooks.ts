import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookView } from "@aggregator/contracts/notifications";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { listWebhooks as selectWebhooks } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { webhookView } from "../domain/webhook-view.ts";

/** The company's webhooks, oldest first. Needs `webhooks:read`. Errors: `permission_denied`, `invalid_request`. */
export async function listWebhooks(
  { db }: Dependencies,
  actor: Actor,
  query: unknown,
): Promise<Result<Page<WebhookView>>> {
  const allowed = requirePermission(actor, "webhooks:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const after = z.string().safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  if (cursor !== undefined && !after.success) {
    return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
  }
  const rows = await selectWebhooks(db, actor.companyId, after.success ? after.data : null, limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return ok({ data: page.map(webhookView), nextCursor: last === undefined ? null : encodeCursor(last.id) });
}
