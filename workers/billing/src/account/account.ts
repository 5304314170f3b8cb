import type { Logger } from "@aggregator/runtime/log";
import type { BillingConfig } from "../env.ts";
import type { Book } from "./book.ts";
import type { Sql } from "./sql.ts";

/** One company's account as its operations see it; effects injected. */
export interface Account {
  readonly companyId: string;
  readonly sql: Sql;
  readonly book: Book;
  readonly config: BillingConfig;
  readonly log: Logger;
  readonly nowMs: number;
}
