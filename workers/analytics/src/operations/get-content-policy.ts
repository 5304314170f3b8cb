import type { Actor } from "@aggregator/contracts/actor";
import type { ContentPolicyView } from "@aggregator/contracts/content";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { type ContentPolicyRow, findContentPolicy } from "../db/content-policies.ts";

/** What a company that never said anything would get by switching it on without a word. */
const DEFAULT_RETENTION_DAYS = 30;

/** Whether the actor's company has its content stored. Needs `company:read`. Errors: `permission_denied`. */
export async function getContentPolicy(db: Database, actor: Actor): Promise<Result<ContentPolicyView>> {
  const allowed = requirePermission(actor, "company:read");
  if (!allowed.ok) return allowed;
  return ok(contentPolicyView(await findContentPolicy(db, actor.companyId)));
}

/** A policy as its company sees it; null: none was ever made. */
export function contentPolicyView(row: ContentPolicyRow | null): ContentPolicyView {
  if (row === null) return { is_enabled: false, retention_days: DEFAULT_RETENTION_DAYS, changed_at: null };
  return {
    is_enabled: row.isEnabled,
    retention_days: row.retentionDays,
    changed_at: new Date(row.changedAtMs).toISOString(),
  };
}
