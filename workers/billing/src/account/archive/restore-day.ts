import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Account } from "../account.ts";
import type { Engine } from "../engine.ts";
import { insertEntryRows, readEntryRows } from "./entry-rows.ts";
import { type ArchivedEntry, type Part, readParts } from "./part.ts";
import { type ArchiveBucket, ArchiveDamaged, linesOf, readPart } from "./part-file.ts";

export interface RestoredDay {
  /** Entries of the day that are rows again, also those of an earlier restoration. */
  readonly entries: number;
}

/**
 * Puts an archived day's entries and requests back, for a week. Part by part, each in a transaction, so that one
 * that was interrupted is finished by doing it again. `not_found` for a day of which nothing is archived;
 * `conflict` where a file is damaged or does not fit what is there: that part is then left as it was.
 */
export async function restoreDay(
  engine: Engine,
  bucket: ArchiveBucket,
  companyId: string,
  day: string,
): Promise<Result<RestoredDay>> {
  const parts = engine.run(({ sql }) => readParts(sql, "day = ?", day));
  if (parts.length === 0) return err("not_found", "Nothing of this day is archived.");
  let entries = 0;
  for (const part of parts) {
    try {
      const rows = await readPart(bucket, companyId, part);
      engine.run((account) => putBack(account, part, rows));
      entries += part.entries;
    } catch (error) {
      if (!(error instanceof ArchiveDamaged)) throw error;
      engine.run(({ log }) => log.error("account.archive_damaged", { company_id: companyId, reason: error.message }));
      return err("conflict", `The archive cannot be restored: ${error.message}.`);
    }
  }
  return ok({ entries });
}

function putBack({ nowMs, sql }: Account, part: Part, rows: readonly ArchivedEntry[]): void {
  insertEntryRows(sql, rows);
  if (linesOf(readEntryRows(sql, part.firstSeq, part.lastSeq)) !== linesOf(rows)) {
    throw new ArchiveDamaged(`${part.objectKey} does not fit the rows that are there`);
  }
  sql.run("UPDATE archive SET restored_at = ? WHERE last_seq = ?", nowMs, part.lastSeq);
}
