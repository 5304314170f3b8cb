import type { Actor } from "@aggregator/contracts/actor";
import type { CreatedApiKeyView } from "@aggregator/contracts/auth";
import { type Answer, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { type ApiKeyRow, insertApiKey } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { hintOf, newApiKey } from "../domain/api-key.ts";
import { apiKeyView } from "../domain/api-key-view.ts";
import { CreateApiKeyInput } from "../domain/key-input.ts";
import { changedPolicy, checkExpiry, NO_POLICY } from "../domain/key-policy.ts";
import { DEFAULT_KEY_SCOPES, intersect } from "../domain/roles.ts";
import { requireGivable } from "../keys/require-givable.ts";

/**
 * Makes a key for the actor's company; the secret is in this answer and nowhere else. Nobody gives a key
 * more than they have: not a scope that the actor lacks, and a key makes only keys as bounded as itself.
 * Needs `api_keys:manage`. `invalid_request` naming the field, `permission_denied`.
 */
export async function createApiKey(call: Call, actor: Actor, input: unknown): Answer<CreatedApiKeyView> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateApiKeyInput, input);
  if (!parsed.ok) return parsed;

  const secret = newApiKey(parsed.value.type);
  const key = newRow(call, actor, parsed.value, { hash: await sha256Hex(secret), hint: hintOf(secret) });
  const expiry = checkExpiry({ ...key, type: parsed.value.type }, true, call.nowMs);
  if (!expiry.ok) return expiry;
  const givable = await requireGivable(call, actor, key);
  if (!givable.ok) return givable;
  const view = apiKeyView(key);
  await call.db.batch([
    insertApiKey(call.db, key),
    auditIfChanged(call, {
      actor,
      action: "api_key.created",
      targetId: key.id,
      after: { name: key.name, prefix: key.hint, scopes: [...key.scopes], expires_at: view.expires_at },
    }),
  ]);
  return ok({ ...view, key: secret });
}

function newRow(
  call: Call,
  actor: Actor,
  { name, scopes, ...limits }: CreateApiKeyInput,
  secret: { readonly hash: string; readonly hint: string },
): ApiKeyRow {
  return {
    ...changedPolicy(NO_POLICY, limits),
    id: call.newId(),
    companyId: actor.companyId,
    memberId: actor.memberId,
    name,
    keyHash: secret.hash,
    previousKeyHash: null,
    previousExpiresAtMs: null,
    hint: secret.hint,
    isActive: true,
    revokedAtMs: null,
    scopes: scopes ?? intersect(DEFAULT_KEY_SCOPES, actor.permissions),
    lastUsedAtMs: null,
    revision: 1,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
}
