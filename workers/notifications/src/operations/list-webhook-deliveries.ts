import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookDeliveryView } from "@aggregator/contracts/notifications";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { listDeliveries } from "../db/deliveries.ts";
import type { Dependencies } from "../dependencies.ts";
import { deliveryView } from "../domain/webhook-view.ts";
import { ownWebhook } from "./own-webhook.ts";

const Query = z.strictObject({ ...PageQuery.shape, state: z.enum(["pending", "delivered", "failed"]).optional() });
const Position = z.tuple([z.number().int(), z.string().max(64)]);

/** A webhook's delivery log, newest first. Needs `webhooks:read`. Errors: `permission_denied`, `not_found`, `invalid_request`. */
export async function listWebhookDeliveries(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
  query: unknown,
): Promise<Result<Page<WebhookDeliveryView>>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:read");
  if (!webhook.ok) return webhook;
  const parsed = parseInput(Query, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor, state } = parsed.value;
  const position = Position.safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  if (cursor !== undefined && !position.success) {
    return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
  }
  const after = position.success ? { createdAtMs: position.data[0], id: position.data[1] } : null;
  const rows = await listDeliveries(dependencies.db, id, { state: state ?? null, after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return ok({
    data: page.map(deliveryView),
    nextCursor: last === undefined ? null : encodeCursor([last.createdAtMs, last.id]),
  });
}
