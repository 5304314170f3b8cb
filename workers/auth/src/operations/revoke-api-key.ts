import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findApiKey, revokeApiKeyRow } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { NO_SUCH_KEY } from "../domain/api-key-view.ts";

/**
 * Ends a key of the actor's company for good; a repeat answers alike. What an isolate has cached is the
 * account's to refuse: the gateway tells it first. Needs `api_keys:manage`. `not_found`.
 */
export async function revokeApiKey(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  const key = await findApiKey(call.db, actor.companyId, id);
  if (key === undefined) return NO_SUCH_KEY;
  await call.db.batch([
    revokeApiKeyRow(call.db, actor.companyId, id, call.nowMs),
    auditIfChanged(call, {
      actor,
      action: "api_key.revoked",
      targetId: id,
      before: { name: key.name, is_active: true },
      after: { is_active: false },
    }),
  ]);
  return ok();
}
