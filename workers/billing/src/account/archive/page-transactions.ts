import type { TransactionView } from "@aggregator/contracts/billing";
import type { Page } from "@aggregator/contracts/page";
import { encodeCursor } from "@aggregator/runtime/cursor";
import type { Engine } from "../engine.ts";
import { positionBefore, readTransactions, transactionView } from "../read-transactions.ts";
import { archivedThrough, type Part, readParts } from "./part.ts";
import { type ArchiveBucket, readPart } from "./part-file.ts";

/**
 * The ledger, newest first, on into the archive: a page is of rows or of one part's file. Throws `ArchiveDamaged`
 * for a file that is gone: a page that leaves entries out would look like a complete one.
 */
export async function pageTransactions(
  engine: Engine,
  bucket: ArchiveBucket,
  companyId: string,
  query: { readonly limit: number; readonly cursor: string | undefined },
): Promise<Page<TransactionView>> {
  const before = positionBefore(query.cursor);
  const found = engine.run((account): Page<TransactionView> | Part => {
    const [part] = readParts(
      account.sql,
      "last_seq = (SELECT min(last_seq) FROM archive WHERE last_seq >= ?)",
      before - 1,
    );
    return part ?? readTransactions(account, query.limit, query.cursor, archivedThrough(account.sql));
  });
  if (!("objectKey" in found)) return found;
  const rows = (await readPart(bucket, companyId, found)).filter(({ entry }) => entry.seq < before);
  const views = rows.toReversed().flatMap(({ entry, reservation }) => {
    if (entry.kind === "release") return [];
    const { opening = null, record = null } = reservation ?? {};
    return [{ seq: entry.seq, view: transactionView({ ...entry, opening, record }, entry.kind) }];
  });
  const page = views.slice(0, query.limit);
  const reached = page.length === query.limit ? (page.at(-1)?.seq ?? found.firstSeq) : found.firstSeq;
  return { data: page.map(({ view }) => view), nextCursor: reached <= 1 ? null : encodeCursor(reached) };
}
