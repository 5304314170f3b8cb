import { err, ok, type Result } from "@aggregator/contracts/result";

const STRONG_TAG = /^"(\d{1,16})"$/;

/**
 * Whether a change may go on by its `If-Match` (RFC 9110 13.1.1): absent, `*`, or a list that names the
 * row's revision as a strong tag; else `precondition_failed`.
 */
export function checkRevision(ifMatch: string | null, revision: number): Result<void> {
  if (ifMatch === null || ifMatch.trim() === "*") return ok();
  const tags = ifMatch.split(",").map((tag) => STRONG_TAG.exec(tag.trim())?.[1]);
  return tags.includes(String(revision)) ? ok() : CHANGED;
}

/** What a change is told that found its row changed between reading and writing. */
export function lostRace(ifMatch: string | null) {
  return ifMatch === null ? err("conflict", "Somebody else changed this at the same moment. Read it again.") : CHANGED;
}

const CHANGED = err("precondition_failed", "This has changed since you read it: If-Match names another revision.", {
  param: "if-match",
});
