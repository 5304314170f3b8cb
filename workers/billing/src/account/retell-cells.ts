import { USAGE_MESSAGE_VERSION, type UsageCell, type UsageMessage } from "@aggregator/contracts/usage-events";
import type { Engine } from "./engine.ts";
import { ownJson } from "./load-book.ts";

/** A message of so many cells stays under the queue's 128 KB. */
const BATCH = 100;

/**
 * Tells analytics every cell again, as it was last told: what analytics lost it has again, and what it has
 * it keeps, since the versions are the same. Returns how many cells. Throws when the queue refuses; then
 * it is to be done again.
 */
export async function retellCells(options: {
  readonly companyId: string;
  readonly engine: Engine;
  readonly queue: Pick<Queue<UsageMessage>, "send">;
  readonly now: () => number;
}): Promise<number> {
  const { companyId, engine, queue, now } = options;
  let told = 0;
  for (;;) {
    const { cells, throughSeq } = engine.run(({ sql, book }) => ({
      throughSeq: book.exportedSeq,
      cells: sql
        .all<{ totals: string }>(
          `SELECT totals FROM cell ORDER BY key_id, hour_ms, model, provider, endpoint, status, member_id
           LIMIT ${BATCH} OFFSET ?`,
          told,
        )
        .map(({ totals }) => ownJson<UsageCell>(totals)),
    }));
    if (cells.length === 0) return told;
    await queue.send({
      version: USAGE_MESSAGE_VERSION,
      company_id: companyId,
      through_seq: throughSeq,
      sent_at_ms: now(),
      cells,
    });
    told += cells.length;
  }
}
