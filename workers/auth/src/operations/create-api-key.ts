import type { Actor } from "@aggregator/contracts/actor";
import type { CreatedApiKeyView } from "@aggregator/contracts/auth";
import type { Permission } from "@aggregator/contracts/permissions";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { type ApiKeyRow, findApiKey, insertApiKey } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { hintOf, newApiKey } from "../domain/api-key.ts";
import { apiKeyView } from "../domain/api-key-view.ts";
import { checkWithinParent } from "../domain/key-bounds.ts";
import { CreateApiKeyInput } from "../domain/key-input.ts";
import { DEFAULT_KEY_SCOPES, intersect, missingFrom } from "../domain/roles.ts";

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
  const scopes = scopesFor(actor, parsed.value.scopes);
  if (!scopes.ok) return scopes;
  if (parsed.value.expires_at !== undefined && parsed.value.expires_at <= call.nowMs) {
    return err("invalid_request", "expires_at: must be in the future", { param: "expires_at" });
  }

  const secret = newApiKey("live");
  const key = newRow(call, actor, parsed.value, scopes.value, { hash: await sha256Hex(secret), hint: hintOf(secret) });
  const bounded = await checkBounds(call, actor, key);
  if (!bounded.ok) return bounded;
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

function scopesFor(actor: Actor, wanted: readonly Permission[] | undefined): Result<readonly Permission[]> {
  if (wanted === undefined) return ok(intersect(DEFAULT_KEY_SCOPES, actor.permissions));
  const missing = missingFrom(wanted, actor.permissions);
  if (missing.length === 0) return ok([...new Set(wanted)]);
  return err("permission_denied", `scopes: you cannot give what you do not have: ${missing.join(", ")}`, {
    param: "scopes",
  });
}

/** A key that makes a key bounds it; a member has no bounds but its permissions. */
async function checkBounds(call: Call, actor: Actor, key: ApiKeyRow): Promise<Result<void>> {
  if (actor.keyId === null) return ok();
  const parent = await findApiKey(call.db, actor.companyId, actor.keyId);
  if (parent === undefined) return err("permission_denied", "The key that asks does not exist.");
  return checkWithinParent(key, parent);
}

function newRow(
  call: Call,
  actor: Actor,
  input: CreateApiKeyInput,
  scopes: readonly Permission[],
  secret: { readonly hash: string; readonly hint: string },
): ApiKeyRow {
  return {
    id: call.newId(),
    companyId: actor.companyId,
    memberId: actor.memberId,
    name: input.name,
    keyHash: secret.hash,
    previousKeyHash: null,
    previousExpiresAtMs: null,
    hint: secret.hint,
    isActive: true,
    revokedAtMs: null,
    scopes,
    rateLimits: input.rate_limits ?? {},
    budget: input.budget ?? null,
    allowedModels: input.allowed_models ?? null,
    allowedProviders: null,
    allowedEndpoints: null,
    allowedIps: input.allowed_ips ?? null,
    preferences: null,
    cacheMaxAgeSeconds: null,
    expiresAtMs: input.expires_at ?? null,
    lastUsedAtMs: null,
    revision: 1,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
}
