import type { Actor } from "@aggregator/contracts/actor";
import { ContentPolicy, type ContentPolicyView } from "@aggregator/contracts/content";
import { changed, type Result } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findContentPolicy, saveContentPolicy } from "../db/content-policies.ts";
import { contentPolicyView } from "./get-content-policy.ts";
import { tellPolicy } from "./tell-policy.ts";

/**
 * Has the prompts and answers of the actor's company stored, or no longer. The row comes first, so that
 * whatever a proxy stores is swept; the object is what proxies read, and each sweep writes it again.
 * Needs `company:update`. Errors: `permission_denied`, `invalid_request`.
 */
export async function setContentPolicy(
  db: Database,
  bucket: R2Bucket,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<ContentPolicyView>> {
  const allowed = requirePermission(actor, "company:update");
  if (!allowed.ok) return allowed;
  const policy = parseInput(ContentPolicy, input);
  if (!policy.ok) return policy;
  const before = contentPolicyView(await findContentPolicy(db, actor.companyId));
  const row = await saveContentPolicy(db, actor.companyId, policy.value, nowMs);
  await tellPolicy(bucket, actor.companyId, policy.value);
  const after = contentPolicyView(row);
  return changed(after, differenceOf(before, after));
}
