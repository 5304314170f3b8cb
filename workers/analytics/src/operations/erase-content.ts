import type { Actor } from "@aggregator/contracts/actor";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findContentPolicy, saveContentPolicy } from "../db/content-policies.ts";
import { tellPolicy } from "./tell-policy.ts";

/**
 * Has nothing of a company stored any more and everything that was deleted, hidden at once and gone with
 * the next sweeps: whatever a proxy stores until it hears of it goes with them too. A repeat changes
 * nothing. Operators only: `permission_denied`.
 */
export async function eraseContent(
  db: Database,
  bucket: R2Bucket,
  actor: Actor,
  companyId: string,
  nowMs: number,
): Promise<Result<void>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const policy = await findContentPolicy(db, companyId);
  // Without a policy nothing was ever stored.
  if (policy === null) return ok();
  const off = { is_enabled: false, retention_days: policy.retentionDays };
  await saveContentPolicy(db, companyId, off, nowMs);
  await tellPolicy(bucket, companyId, off);
  return ok();
}
