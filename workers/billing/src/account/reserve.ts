import { MAX_NANO_USD, type ReserveError, type ReserveInput, type Reservation } from "@aggregator/contracts/account";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { shareOf, withMarkup } from "@aggregator/money/charge";
import { formatPrice } from "@aggregator/money/usd-decimal";
import { refuseAccess } from "./access.ts";
import type { Account } from "./account.ts";
import { availableNanoUsd, type Opening, putOpen } from "./book.ts";
import { limitRates } from "./limit-rates.ts";
import { type PinnedMarkup, pinMarkup } from "./pin-markup.ts";
import { refuseBudget } from "./refuse-budget.ts";

const IDEMPOTENCY_MS = 24 * 3_600_000;

/**
 * Holds the worst case of one request, or refuses it and stores nothing. Contract:
 * `CompanyAccountApi.reserve`. Inside the caller's transaction.
 */
export function reserve(account: Account, input: ReserveInput): Result<Reservation, ReserveError> {
  const invalid = refuseInvalid(input);
  if (invalid !== null) return invalid;
  const { book } = account;
  const open = book.open.get(input.requestId);
  if (open !== undefined) {
    const { holdNanoUsd, markupBps, opening } = open;
    const terms = { ...byModelOf(opening.markupBpsByModel), ...cacheHitOf(account, input) };
    return ok({ holdNanoUsd, markupBps, ...terms, requests: null, tokens: null });
  }
  const refused = refuseRepeat(account, input) ?? refuseKey(account, input);
  if (refused !== null) return refused;
  const rates = limitRates(account, input);
  if (!rates.ok) return rates;
  const markup = pinMarkup(account, input);
  const cacheHit = cacheHitOf(account, input);
  const worstNanoUsd =
    input.isCacheHit === true ? shareOf(input.holdNanoUsd, cacheHit.cacheHitBps ?? 0) : input.holdNanoUsd;
  const holdNanoUsd = withMarkup(worstNanoUsd, markup.mostBps);
  const unaffordable = refuseBudget(account, input, holdNanoUsd) ?? refuseBalance(account, holdNanoUsd);
  if (unaffordable !== null) return unaffordable;

  for (const [limiter, tatMs] of rates.value.arrivals) book.limiters.set(limiter, tatMs);
  storeReservation(account, input, holdNanoUsd, markup);
  const { requests, tokens } = rates.value;
  return ok({ holdNanoUsd, markupBps: markup.markupBps, ...byModelOf(markup.byModel), ...cacheHit, requests, tokens });
}

/** Absent where the answer does not come from the cache, or costs nothing then. */
function cacheHitOf({ book }: Account, input: ReserveInput): Pick<Reservation, "cacheHitBps"> {
  const shareBps = book.plan?.cacheHitBps ?? 0;
  return input.isCacheHit === true && shareBps > 0 ? { cacheHitBps: shareBps } : {};
}

/** Absent where every model has the same. */
function byModelOf(byModel: PinnedMarkup["byModel"] = {}): Pick<Reservation, "markupBpsByModel"> {
  return Object.keys(byModel).length === 0 ? {} : { markupBpsByModel: byModel };
}

function storeReservation(account: Account, input: ReserveInput, holdNanoUsd: number, markup: PinnedMarkup): void {
  const { book, nowMs, sql } = account;
  const opening: Opening = {
    subject: input.subject,
    promptNanoUsd: input.promptNanoUsd,
    estimatedTokens: input.estimatedTokens,
    tokensPerMinute: input.keyLimits.tokensPerMinute ?? null,
    keyBudget: input.keyBudget,
    ...byModelOf(markup.byModel),
  };
  const leaseUntilMs = nowMs + input.leaseMs;
  sql.run(
    `INSERT INTO reservation (id, state, key_id, member_id, created_at, lease_until, hold, markup_bps, opening)
     VALUES (?, 'held', ?, ?, ?, ?, ?, ?, ?)`,
    input.requestId,
    input.keyId,
    input.memberId,
    nowMs,
    leaseUntilMs,
    holdNanoUsd,
    markup.markupBps,
    JSON.stringify(opening),
  );
  if (input.idempotency !== null) {
    sql.run(
      "INSERT OR REPLACE INTO idempotency (key_hash, body_hash, request_id, expires_at) VALUES (?, ?, ?, ?)",
      input.idempotency.keyHash,
      input.idempotency.bodyHash,
      input.requestId,
      nowMs + IDEMPOTENCY_MS,
    );
  }
  if (input.requestId < book.oldestOpenId) {
    sql.run("UPDATE account SET oldest_open_id = ? WHERE id = 1", input.requestId);
    book.oldestOpenId = input.requestId;
  }
  putOpen(book, {
    id: input.requestId,
    keyId: input.keyId,
    memberId: input.memberId,
    createdAtMs: nowMs,
    markupBps: markup.markupBps,
    opening,
    holdNanoUsd,
    leaseUntilMs,
    dispatched: false,
    cancelRequested: false,
    checkpoint: null,
  });
}

function refuseInvalid(input: ReserveInput): Result<never, ReserveError> | null {
  const amounts = [input.holdNanoUsd, input.promptNanoUsd, input.estimatedTokens, input.leaseMs];
  if (amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0 && amount <= MAX_NANO_USD)) return null;
  return err("invalid_request", "This request could cost more than the platform can hold; lower max_tokens or n.");
}

function refuseRepeat(account: Account, input: ReserveInput): Result<never, ReserveError> | null {
  if (input.idempotency !== null) {
    const first = account.sql.first<{ body_hash: string; request_id: string }>(
      "SELECT body_hash, request_id FROM idempotency WHERE key_hash = ? AND expires_at > ?",
      input.idempotency.keyHash,
      account.nowMs,
    );
    if (first !== undefined && first.request_id !== input.requestId) {
      const code =
        first.body_hash === input.idempotency.bodyHash ? "idempotency_in_progress" : "idempotency_key_reused";
      const message = `This Idempotency-Key was already used by request ${first.request_id}; its answer is not stored. Look at GET /v1/requests/${first.request_id}, or use a new key.`;
      return err(code, message, { firstRequestId: first.request_id });
    }
  }
  const ended = account.sql.first<{ id: string }>("SELECT id FROM reservation WHERE id = ?", input.requestId);
  return ended === undefined ? null : err("invalid_request", "This request has already ended.");
}

function refuseKey(account: Account, input: ReserveInput): Result<never, ReserveError> | null {
  const { book } = account;
  const refused = refuseAccess(book, input.keyId);
  if (refused !== null) return refused;
  if (book.frozenReason !== null) {
    return err("account_frozen", "This company's account is frozen; contact the operator of the platform.");
  }
  const limits = [
    ["This key", input.keyLimits.concurrentRequests, book.perKey.get(input.keyId)?.open ?? 0],
    ["This company", input.companyLimits.concurrentRequests, book.open.size],
  ] as const;
  for (const [owner, limit, open] of limits) {
    if (limit !== undefined && open >= limit) {
      const message = `${owner} is limited to ${limit} concurrent requests; try again when one has ended.`;
      return err("concurrency_limit_exceeded", message, { retryAfterSeconds: 1 });
    }
  }
  return null;
}

function refuseBalance(account: Account, holdNanoUsd: number): Result<never, ReserveError> | null {
  const available = availableNanoUsd(account.book);
  if (holdNanoUsd <= available) return null;
  const message = `This request may cost ${formatPrice(holdNanoUsd)} USD and ${formatPrice(available)} USD is available; top up, or lower max_tokens.`;
  return err("insufficient_balance", message);
}
