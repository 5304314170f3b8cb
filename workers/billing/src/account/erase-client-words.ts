import type { Account } from "./account.ts";

/** Requests looked through in one transaction. */
const PAGE = 2_000;

/**
 * Forgets what clients wrote on a page of requests, after an id: their own request ids, which may say who somebody
 * is. All else on a receipt is ours. Returns the request to go on after; null: that was all. Idempotent.
 */
export function eraseClientWords({ sql }: Account, after: string): string | null {
  const last = sql.first<{ id: string | null }>(
    `SELECT max(id) AS id FROM (SELECT id FROM reservation WHERE id > ? ORDER BY id LIMIT ${PAGE})`,
    after,
  )?.id;
  if (last === null || last === undefined) {
    sql.run(
      `UPDATE anomaly SET detail = json_set(detail, '$.record.clientRequestId', NULL)
       WHERE detail ->> '$.record.clientRequestId' IS NOT NULL`,
    );
    return null;
  }
  sql.run(
    `UPDATE reservation SET record = json_set(record, '$.clientRequestId', NULL)
     WHERE id > ? AND id <= ? AND record ->> '$.clientRequestId' IS NOT NULL`,
    after,
    last,
  );
  return last;
}
