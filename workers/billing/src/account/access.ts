import type { KeyAccess } from "@aggregator/contracts/key-access";
import type { ReserveError } from "@aggregator/contracts/account";
import { err, type Result } from "@aggregator/contracts/result";
import type { Account } from "./account.ts";
import type { Book } from "./book.ts";

/**
 * Marks live beside the ids of revoked keys and are forgotten with them, a day later: by then no cache
 * says otherwise, and auth refuses by itself. No id of a key has a slash.
 */
const SUSPENDED = "company/suspended";
const paused = (keyId: string) => `paused/${keyId}`;

/** Puts in force what changed for keys of the company. Inside the caller's transaction. */
export function changeKeyAccess(account: Account, access: Omit<KeyAccess, "actor">): void {
  for (const id of access.revoked) mark(account, id);
  for (const id of access.paused) mark(account, paused(id));
  for (const id of access.resumed) unmark(account, paused(id));
}

/** No key of the company may spend, or each may again. */
export function setSuspended(account: Account, isSuspended: boolean): void {
  if (isSuspended) mark(account, SUSPENDED);
  else unmark(account, SUSPENDED);
}

/** What refuses a key before its limits and its money are looked at. */
export function refuseAccess(book: Book, keyId: string): Result<never, ReserveError> | null {
  if (book.revokedKeys.size === 0) return null;
  if (book.revokedKeys.has(SUSPENDED)) {
    return err("company_suspended", "The company's account is suspended or closed. Write to support.");
  }
  if (book.revokedKeys.has(keyId)) return err("invalid_api_key", "This API key has been revoked.");
  if (!book.revokedKeys.has(paused(keyId))) return null;
  return err("permission_denied", "This needs the permission inference:create, which the key's maker has no more.");
}

function mark({ sql, book, nowMs }: Account, id: string): void {
  sql.run("INSERT OR REPLACE INTO revoked_key (id, at) VALUES (?, ?)", id, nowMs);
  book.revokedKeys.add(id);
}

function unmark({ sql, book }: Account, id: string): void {
  if (!book.revokedKeys.delete(id)) return;
  sql.run("DELETE FROM revoked_key WHERE id = ?", id);
}
