import type { Actor } from "@aggregator/contracts/actor";
import type { IntendedChange } from "@aggregator/contracts/audit";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import type { Call } from "../call.ts";
import { insertPendingChange } from "../db/pending-changes.ts";
import { operatorOf } from "../domain/operator.ts";

const Intended = z.strictObject({
  action: z.string().regex(/^[a-z_]{1,40}\.[a-z_]{1,40}$/),
  // As a client may have written it: what is longer names nothing, so its beginning will do.
  targetId: z.string().transform((text) => text.slice(0, 128)),
  companyId: z.string().transform((text) => text.slice(0, 64)),
  isOperators: z.boolean(),
});

/** Stores that an actor is about to change something in another Worker, before it does. The answer is the id for `endChange`. */
export async function beginChange(call: Call, actor: Actor, change: IntendedChange): Answer<string> {
  const parsed = parseInput(Intended, change);
  if (!parsed.ok) return parsed;
  const { action, targetId, companyId, isOperators } = parsed.value;
  const id = call.newId();
  const { kind, memberId, keyId } = isOperators && actor.platformAdmin ? operatorOf(actor) : actor;
  await insertPendingChange(call.db, {
    id,
    companyId,
    atMs: call.nowMs,
    actorKind: kind,
    memberId,
    keyId,
    ip: call.context.clientIp ?? null,
    requestId: call.context.requestId,
    action,
    targetId,
  });
  return ok(id);
}
