import type { Account } from "../account.ts";
import type { Engine } from "../engine.ts";
import { deleteEntryRows, readEntryRows } from "./entry-rows.ts";
import { isAudited, nextPart } from "./next-part.ts";
import { archivedThrough, insertPart, type Part, readParts } from "./part.ts";
import { type ArchiveBucket, linesOf, objectKeyOf, readPartLines, sha256Of, writePart } from "./part-file.ts";

/** How long a restored day stays before its rows are deleted again; its file was never gone. */
const RESTORED_MS = 7 * 86_400_000;

/**
 * Moves the oldest due entries to R2, at most one part, and deletes one part whose restoration is over. Written,
 * read back, and only then deleted, in one transaction with the summary that stands for the entries: a crash
 * between any two steps leaves the rows, and the next time writes the same file again.
 */
export async function archiveNext(engine: Engine, bucket: ArchiveBucket, companyId: string): Promise<Part | null> {
  engine.run(dropRestored);
  const due = engine.run(nextPart);
  if (due === null) return null;
  const lines = linesOf(due.rows);
  const part = { ...due.part, objectKey: objectKeyOf(companyId, due.part), sha256: await sha256Of(lines) };
  await writePart(bucket, companyId, part, lines);
  if ((await readPartLines(bucket, companyId, part)) !== lines) throw new Error(`${part.objectKey} was not written`);
  return engine.run((account) => (replaceRows(account, part, lines) ? part : null));
}

/** The summary in place of the rows, if they still are what the file says. */
function replaceRows(account: Account, part: Part, lines: string): boolean {
  const { sql } = account;
  if (isAudited(account)) return false;
  const isSame =
    archivedThrough(sql) === part.firstSeq - 1 && linesOf(readEntryRows(sql, part.firstSeq, part.lastSeq)) === lines;
  if (!isSame) return false;
  insertPart(sql, part);
  deleteEntryRows(sql, part);
  return true;
}

function dropRestored(account: Account): void {
  const { nowMs, sql } = account;
  if (isAudited(account)) return;
  const [part] = readParts(
    sql,
    "last_seq = (SELECT min(last_seq) FROM archive WHERE restored_at <= ?)",
    nowMs - RESTORED_MS,
  );
  if (part === undefined) return;
  deleteEntryRows(sql, part);
  sql.run("UPDATE archive SET restored_at = NULL WHERE last_seq = ?", part.lastSeq);
}
