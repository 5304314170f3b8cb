import type { LimitState, ReserveError, ReserveInput } from "@aggregator/contracts/account";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { correctGcra, decideGcra, type GcraDecision } from "@aggregator/runtime/gcra";
import type { Account } from "./account.ts";
import type { Opening } from "./book.ts";

const WINDOW_MS = 60_000;

export interface RateDecision {
  readonly requests: LimitState | null;
  readonly tokens: LimitState | null;
  /** Arrival times to store once everything else has admitted the request too. */
  readonly arrivals: readonly (readonly [limiter: string, tatMs: number])[];
}

type Unit = "requests" | "tokens";
interface Limiter {
  readonly name: string;
  readonly unit: Unit;
  readonly scope: "key" | "company";
  readonly limit: number;
  readonly cost: number;
}

/**
 * Requests and tokens per minute of key and company, all or nothing: decides without storing, so a
 * request that something else refuses consumes none of them.
 */
export function limitRates(account: Account, input: ReserveInput): Result<RateDecision, ReserveError> {
  const decisions = limitersOf(input).map((limiter) => ({
    limiter,
    decision: decideGcra(arrivalOf(account, limiter, input.keyId), account.nowMs, limiter.limit, limiter.cost),
  }));
  const states = { requests: tightest(decisions, "requests"), tokens: tightest(decisions, "tokens") };
  for (const { limiter, decision } of decisions) {
    // A refusal takes nothing, but keeps what the decision mended after a step of the clock.
    if (!decision.admitted) account.book.limiters.set(limiter.name, decision.tatMs);
  }
  const refused = decisions.find(({ decision }) => !decision.admitted);
  if (refused !== undefined) return refusal(refused.limiter, refused.decision, states);
  return ok({
    ...states,
    arrivals: decisions.map(({ limiter, decision }) => [limiter.name, decision.tatMs] as const),
  });
}

/** Replaces the estimate by what was used, in the key's tokens per minute. */
export function correctTokens(account: Account, keyId: string, opening: Opening, usedTokens: number): void {
  const name = limiterName("key", keyId, "tokens");
  const tatMs = account.book.limiters.get(name);
  if (opening.tokensPerMinute === null || tatMs === undefined) return;
  account.book.limiters.set(name, correctGcra(tatMs, opening.tokensPerMinute, opening.estimatedTokens, usedTokens));
}

function limitersOf(input: ReserveInput): Limiter[] {
  const limiters: Limiter[] = [];
  for (const [scope, limits] of [
    ["key", input.keyLimits],
    ["company", input.companyLimits],
  ] as const) {
    const id = scope === "key" ? input.keyId : "";
    const { requestsPerMinute, tokensPerMinute } = limits;
    if (requestsPerMinute !== undefined) {
      const name = limiterName(scope, id, "requests");
      limiters.push({ name, unit: "requests", scope, limit: requestsPerMinute, cost: 1 });
    }
    if (tokensPerMinute !== undefined) {
      const name = limiterName(scope, id, "tokens");
      limiters.push({ name, unit: "tokens", scope, limit: tokensPerMinute, cost: input.estimatedTokens });
    }
  }
  return limiters;
}

function limiterName(scope: "key" | "company", id: string, unit: Unit): string {
  return `${scope}/${id}/${unit}`;
}

/** The stored arrival time; after a restart it is played again from the last minute's reservations. */
function arrivalOf(account: Account, limiter: Limiter, keyId: string): number {
  const known = account.book.limiters.get(limiter.name);
  if (known !== undefined) return known;
  let tatMs = 0;
  for (const row of recentReservations(account, limiter.scope === "key" ? keyId : null)) {
    const cost = limiter.unit === "requests" ? 1 : row.tokens;
    tatMs = Math.max(tatMs, row.created_at) + (cost * WINDOW_MS) / limiter.limit;
  }
  account.book.limiters.set(limiter.name, tatMs);
  return tatMs;
}

/** Reservations of the last minute, oldest first. Ids are UUIDv7, so time is a range of the primary key. */
function recentReservations(account: Account, keyId: string | null): { created_at: number; tokens: number }[] {
  const since = account.nowMs - WINDOW_MS;
  return account.sql.all<{ created_at: number; tokens: number }>(
    `SELECT created_at, CAST(opening ->> 'estimatedTokens' AS INTEGER) AS tokens FROM reservation
     WHERE id >= ? AND created_at >= ? AND (? IS NULL OR key_id = ?) ORDER BY id`,
    uuidV7Floor(since - WINDOW_MS),
    since,
    keyId,
    keyId,
  );
}

/** The smallest UUIDv7 of a millisecond. https://www.rfc-editor.org/rfc/rfc9562#section-5.7 */
function uuidV7Floor(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

function tightest(
  decisions: readonly { readonly limiter: Limiter; readonly decision: GcraDecision }[],
  unit: Unit,
): LimitState | null {
  const states = decisions
    .filter(({ limiter }) => limiter.unit === unit)
    .map(({ limiter, decision }) => ({
      limit: limiter.limit,
      remaining: decision.remaining,
      resetMs: decision.resetMs,
    }));
  return states.sort((a, b) => a.remaining / a.limit - b.remaining / b.limit)[0] ?? null;
}

function refusal(
  limiter: Limiter,
  decision: GcraDecision,
  states: { readonly requests: LimitState | null; readonly tokens: LimitState | null },
): Result<never, ReserveError> {
  const seen = {
    ...(states.requests === null ? {} : { requests: states.requests }),
    ...(states.tokens === null ? {} : { tokens: states.tokens }),
  };
  const owner = limiter.scope === "key" ? "This key" : "This company";
  if (decision.retryAfterMs === Infinity) {
    const message = `This request may use ${limiter.cost} tokens, more than the limit of ${limiter.limit} tokens per minute; lower max_tokens or shorten the prompt.`;
    return { ok: false, error: { ...err("rate_limit_exceeded", message).error, ...seen } };
  }
  const retryAfterSeconds = Math.ceil(decision.retryAfterMs / 1000);
  const message = `${owner} is limited to ${limiter.limit} ${limiter.unit} per minute; try again in ${retryAfterSeconds} s.`;
  return { ok: false, error: { ...err("rate_limit_exceeded", message, { retryAfterSeconds }).error, ...seen } };
}
