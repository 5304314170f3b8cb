import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, type ErrorCode, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { newId } from "@aggregator/runtime/new-id";
import type { Database } from "../db/client.ts";
import { claimKey, findKey, type IdempotencyRow, storeAnswer, unlockKey } from "../db/idempotency-keys.ts";

const KEPT_MS = 24 * 3_600_000;
/** Longer than any mutation runs; after it, a repeat may take over from one that died. */
const LOCK_MS = 60_000;
const KEY = /^[\x20-\x7e]{1,255}$/;

/** Refusals that say nothing about the work: a repeat tries again. */
const TRANSIENT: ReadonlySet<ErrorCode> = new Set(["service_unavailable", "internal_error"]);

export interface OnceRequest {
  /** Whose key it is; a key of one company says nothing about another's. */
  readonly companyId: string;
  readonly route: string;
  /** The client's `Idempotency-Key`; null: every call is its own. */
  readonly key: string | null;
  /** The id of this call, told to whoever repeats it while it runs. */
  readonly requestId: string;
  readonly input: unknown;
}

/** What a mutation is called with beside its own arguments. */
export interface Keyed {
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/** The call of an actor, under a route that names what it changes. A gateway of a version before sends no key at all. */
export function keyedBy(
  actor: Actor,
  route: string,
  input: unknown,
  { idempotencyKey, requestId }: Keyed,
): OnceRequest {
  return { companyId: actor.companyId, route, key: idempotencyKey ?? null, requestId, input };
}

/**
 * Carries a mutation out once per `Idempotency-Key`: a repeat with the same input gets the first answer
 * (`replayed`), another input `idempotency_key_reused`, one in flight `idempotency_in_progress`. `work`
 * gets an id that is the same for every try under one key: it names its rows and calls by it, so that a
 * try after a crash repeats them instead of adding to them. A key that is not 1–255 printable ASCII
 * characters is `invalid_request`.
 */
export async function runOnce<Value>(
  db: Database,
  request: OnceRequest,
  work: (workId: string) => Answer<Value>,
): Answer<Value> {
  const { key } = request;
  if (key === null) return work(newId());
  if (!KEY.test(key)) {
    return err("invalid_request", "Idempotency-Key: send 1 to 255 printable ASCII characters.", {
      param: "idempotency-key",
    });
  }
  const nowMs = Date.now();
  const bodyHash = await sha256Hex(JSON.stringify(request.input) ?? "");
  const claim = {
    companyId: request.companyId,
    route: request.route,
    key,
    bodyHash,
    workId: newId(),
    requestId: request.requestId,
    lockedUntilMs: nowMs + LOCK_MS,
    expiresAtMs: nowMs + KEPT_MS,
  };
  const mine = await claimKey(db, claim, nowMs);
  if (mine === undefined) return answerRepeat(await findKey(db, claim), bodyHash);
  return carryOut(db, mine, work);
}

async function carryOut<Value>(
  db: Database,
  mine: IdempotencyRow,
  work: (workId: string) => Answer<Value>,
): Answer<Value> {
  try {
    const result = await work(mine.workId);
    if (!result.ok && TRANSIENT.has(result.error.code)) await unlockKey(db, mine);
    else await storeAnswer(db, mine, JSON.stringify(result));
    return result;
  } catch (error) {
    await unlockKey(db, mine);
    throw error;
  }
}

function answerRepeat<Value>(first: IdempotencyRow | undefined, bodyHash: string): Result<Value> {
  const firstRequestId = first === undefined ? {} : { firstRequestId: first.requestId };
  if (first !== undefined && first.bodyHash !== bodyHash) {
    const message = "This Idempotency-Key was used with another body; use a new key.";
    return err("idempotency_key_reused", message, firstRequestId);
  }
  if (first?.answer === null || first === undefined) {
    const message = "A request with this Idempotency-Key is being carried out; repeat it in a moment.";
    return err("idempotency_in_progress", message, { ...firstRequestId, retryAfterSeconds: 1 });
  }
  return { ...storedAnswer<Value>(first.answer), replayed: true };
}

/** The answer that this module stored itself: the one place where its shape is taken on trust. */
function storedAnswer<Value>(text: string): Result<Value> {
  return JSON.parse(text) as Result<Value>;
}
