import type { Logger } from "@aggregator/runtime/log";
import type { BillingConfig } from "../env.ts";
import type { Account } from "./account.ts";
import type { Book } from "./book.ts";
import { expireLots } from "./credit-lots.ts";
import { loadBook } from "./load-book.ts";
import { openAccount } from "./open-account.ts";
import { migrate } from "./schema.ts";
import type { Sql } from "./sql.ts";

export interface EngineOptions {
  readonly companyId: string;
  readonly sql: Sql;
  readonly transact: <Value>(work: () => Value) => Value;
  readonly config: BillingConfig;
  readonly log: Logger;
  readonly now: () => number;
}

export interface Engine {
  /** Runs one operation in one transaction: all of its rows and its memory, or neither. */
  run<Value>(operation: (account: Account) => Value): Value;
}

/**
 * Holds the account's memory and ties it to its rows: an operation that throws leaves both as they
 * were, since the memory is then derived from the rows again.
 */
export function createEngine(options: EngineOptions): Engine {
  let book: Book | null = null;
  const run = <Value>(operation: (account: Account) => Value): Value => {
    try {
      return options.transact(() => {
        const known = book;
        const account = accountOf(options, known ?? loadBook(options.sql, options.config));
        if (known === null) openAccount(account);
        book = account.book;
        expireLots(account);
        return operation(account);
      });
    } catch (error) {
      book = null;
      throw error;
    }
  };
  options.transact(() => migrate(options.sql));
  return { run };
}

function accountOf(options: EngineOptions, book: Book): Account {
  const { companyId, sql, config, log } = options;
  return { companyId, sql, book, config, log, nowMs: options.now() };
}
