import type { Actor } from "@aggregator/contracts/actor";
import type { ApiKeyView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { type ApiKeyRow, changeApiKey, findApiKey } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { typeOfHint } from "../domain/api-key.ts";
import { apiKeyView, NO_SUCH_KEY } from "../domain/api-key-view.ts";
import { differenceOf } from "@aggregator/runtime/difference";
import { UpdateApiKeyInput } from "../domain/key-input.ts";
import { changedPolicy, checkExpiry } from "../domain/key-policy.ts";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";
import { requireGivable } from "../keys/require-givable.ts";

/**
 * Changes a key's name, scopes and limits; in force within 10 s everywhere. The actor must be able to
 * give the key as it was and as it becomes. Needs `api_keys:manage`. `not_found`, `invalid_request`
 * naming the field, `permission_denied`, `precondition_failed`, `conflict` for a revoked key.
 */
export async function updateApiKey(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
  ifMatch: string | null,
): Answer<ApiKeyView> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  const before = await findApiKey(call.db, actor.companyId, id);
  if (before === undefined) return NO_SUCH_KEY;
  const parsed = parseInput(UpdateApiKeyInput, input);
  if (!parsed.ok) return parsed;
  const current = checkRevision(ifMatch, before.revision);
  if (!current.ok) return current;
  if (!before.isActive) return err("conflict", "The key is revoked, which is for good. Create a new one.");

  const { name = before.name, scopes = before.scopes, ...limits } = parsed.value;
  const after: ApiKeyRow = { ...before, ...changedPolicy(before, limits), name, scopes };
  const expiry = checkExpiry({ ...after, type: typeOfHint(after.hint) }, limits.expires_at !== undefined, call.nowMs);
  if (!expiry.ok) return expiry;
  for (const key of [before, after]) {
    const givable = await requireGivable(call, actor, key);
    if (!givable.ok) return givable;
  }
  const changed = await store(call, actor, before, after);
  return changed === undefined ? lostRace(ifMatch) : ok(apiKeyView(changed));
}

async function store(call: Call, actor: Actor, before: ApiKeyRow, after: ApiKeyRow): Promise<ApiKeyRow | undefined> {
  const difference = differenceOf(apiKeyView(before), apiKeyView(after));
  if (difference === null) return before;
  const [rows] = await call.db.batch([
    changeApiKey(call.db, before, { ...after, revision: before.revision + 1, updatedAtMs: call.nowMs }),
    auditIfChanged(call, { actor, action: "api_key.updated", targetId: before.id, ...difference }),
  ]);
  return rows[0];
}
