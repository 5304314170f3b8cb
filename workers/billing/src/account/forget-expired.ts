import type { Account } from "./account.ts";

const BATCH = 100;
/** Longer than any cache of a key may live, so that a dead key is never accepted again. */
const REVOCATION_MS = 24 * 3_600_000;

/** Deletes idempotency keys past their 24 hours and old revocations, a bounded number at a time. */
export function forgetExpired(account: Account): void {
  const { book, nowMs, sql } = account;
  sql.run(
    `DELETE FROM idempotency WHERE key_hash IN (SELECT key_hash FROM idempotency WHERE expires_at <= ? LIMIT ${BATCH})`,
    nowMs,
  );
  const old = sql.all<{ id: string }>(
    `DELETE FROM revoked_key WHERE id IN (SELECT id FROM revoked_key WHERE at <= ? LIMIT ${BATCH}) RETURNING id`,
    nowMs - REVOCATION_MS,
  );
  for (const { id } of old) book.revokedKeys.delete(id);
}
