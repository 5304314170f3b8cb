import type { Actor } from "@aggregator/contracts/actor";
import { type RequestContentView, StoredContent } from "@aggregator/contracts/content";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { ContentBox } from "@aggregator/runtime/content-box";
import { contentName } from "@aggregator/runtime/content-names";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findContentPolicy } from "../db/content-policies.ts";
import { arrivedAtMs, expiresAtMs } from "../domain/content-retention.ts";

export interface ContentDependencies {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly box: ContentBox;
}

/**
 * What was stored of a request of the actor's company. Needs `requests:read`. `not_found` for what was not
 * stored, is past its retention though not yet deleted, or is another company's: the name has the actor's
 * company in it, and so has the key.
 */
export async function getRequestContent(
  { db, bucket, box }: ContentDependencies,
  actor: Actor,
  requestId: string,
  nowMs: number,
): Promise<Result<RequestContentView>> {
  const allowed = requirePermission(actor, "requests:read");
  if (!allowed.ok) return allowed;
  const arrivedMs = arrivedAtMs(requestId);
  const policy = arrivedMs === null ? null : await findContentPolicy(db, actor.companyId);
  if (arrivedMs === null || policy === null) return NOT_STORED;
  const expiresMs = expiresAtMs(arrivedMs, policy);
  if (expiresMs <= nowMs) return NOT_STORED;
  const name = contentName(actor.companyId, requestId);
  const stored = await bucket.get(name);
  if (stored === null) return NOT_STORED;
  const text = await box.open(actor.companyId, name, new Uint8Array(await stored.arrayBuffer()));
  const content = StoredContent.parse(JSON.parse(text));
  return ok({
    request_id: requestId,
    request: content.request,
    response: content.response,
    is_truncated: content.is_truncated,
    stored_at: new Date(content.stored_at_ms).toISOString(),
    expires_at: new Date(expiresMs).toISOString(),
  });
}

const NOT_STORED = err("not_found", "Nothing is stored of such a request.");
