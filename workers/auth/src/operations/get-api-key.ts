import type { Actor } from "@aggregator/contracts/actor";
import type { ApiKeyView } from "@aggregator/contracts/auth";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findApiKey } from "../db/api-keys.ts";
import { apiKeyView, NO_SUCH_KEY } from "../domain/api-key-view.ts";

/** One key of the company, without its secret. Needs `api_keys:read`. `not_found`. */
export async function getApiKey(call: Call, actor: Actor, id: string): Answer<ApiKeyView> {
  const allowed = requirePermission(actor, "api_keys:read");
  if (!allowed.ok) return allowed;
  const key = await findApiKey(call.db, actor.companyId, id);
  return key === undefined ? NO_SUCH_KEY : ok(apiKeyView(key));
}
