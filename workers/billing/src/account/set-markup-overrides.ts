import type { MarkupOverrides } from "../domain/markup.ts";
import type { Account } from "./account.ts";

/** Puts overrides in force. Running requests keep what their reservation pinned. Idempotent and order-safe by `revision`. */
export function setMarkupOverrides({ book, sql }: Account, overrides: MarkupOverrides): void {
  if (book.markupOverrides !== null && overrides.revision <= book.markupOverrides.revision) return;
  sql.run("UPDATE account SET markup_overrides = ? WHERE id = 1", JSON.stringify(overrides));
  book.markupOverrides = overrides;
}
