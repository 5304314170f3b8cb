import type { Actor } from "@aggregator/contracts/actor";
import type { CreatedApiKeyView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { changeApiKey, findApiKey } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { hintOf, newApiKey, typeOfHint } from "../domain/api-key.ts";
import { apiKeyView, isoOrNull, NO_SUCH_KEY } from "../domain/api-key-view.ts";
import { RotateApiKeyInput } from "../domain/key-input.ts";
import { isInForce } from "../domain/principal.ts";
import { lostRace } from "@aggregator/runtime/revision";
import { requireGivable } from "../keys/require-givable.ts";

/**
 * Gives a key a new secret, in this answer and nowhere else; the one before is good for `grace_seconds`
 * more (a day), one that was already rotated away ends now. The actor must be able to give the key away,
 * since it gets its secret. Needs `api_keys:manage`. `not_found`, `permission_denied`, `conflict` for a
 * key that is revoked or expired.
 */
export async function rotateApiKey(call: Call, actor: Actor, id: string, input: unknown): Answer<CreatedApiKeyView> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  const key = await findApiKey(call.db, actor.companyId, id);
  if (key === undefined) return NO_SUCH_KEY;
  const parsed = parseInput(RotateApiKeyInput, input);
  if (!parsed.ok) return parsed;
  if (!isInForce(key, key.keyHash, call.nowMs)) {
    return err("conflict", "The key is revoked or has expired. Create a new one.");
  }
  const givable = await requireGivable(call, actor, key);
  if (!givable.ok) return givable;

  const secret = newApiKey(typeOfHint(key.hint));
  const next = {
    keyHash: await sha256Hex(secret),
    hint: hintOf(secret),
    previousKeyHash: key.keyHash,
    previousExpiresAtMs: call.nowMs + parsed.value.grace_seconds * 1_000,
    revision: key.revision + 1,
    updatedAtMs: call.nowMs,
  };
  const [rows] = await call.db.batch([
    changeApiKey(call.db, key, next),
    auditIfChanged(call, {
      actor,
      action: "api_key.rotated",
      targetId: id,
      before: { prefix: key.hint },
      after: { prefix: next.hint, previous_secret_expires_at: isoOrNull(next.previousExpiresAtMs) },
    }),
  ]);
  const [rotated] = rows;
  return rotated === undefined ? lostRace(null) : ok({ ...apiKeyView(rotated), key: secret });
}
