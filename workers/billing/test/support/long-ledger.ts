import { type Engine } from "../../src/account/engine.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { reserve } from "../../src/account/reserve.ts";
import { aReserve, aSettlement, requestId } from "./builders.ts";
import { openEngine, type TestAccount } from "./open-engine.ts";

const CREDIT = 1_000_000_000_000;

export interface Watched {
  /** Each statement as it was run. */
  readonly statements: { readonly query: string; readonly bindings: readonly SqlStorageValue[] }[];
  /** Rows that the statements since the last call have read and written. */
  readonly rows: () => { readonly read: number; readonly written: number };
}

/** An account with a ledger of so many entries, each a settled request that analytics has been told of. */
export function withEntries(
  storage: DurableObjectStorage,
  entries: number,
  options: { readonly archiveAfterDays?: number } = {},
): TestAccount & Watched {
  const { watched, seen } = watch(storage);
  const account = openEngine(watched, { creditNanoUsd: CREDIT, ...options });
  account.engine.run(() => undefined);
  const before = account.clock.nowMs - 86_400_000;
  const id = "printf('%s-%s-7000-8000-%012x', substr(hex, 1, 8), substr(hex, 9), n)";
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${entries}),
    timed AS (SELECT n, printf('%012x', ${before} + n / 100) AS hex FROM numbers)`;
  storage.sql
    .exec(`INSERT INTO reservation (id, state, key_id, created_at, lease_until, hold, markup_bps, opening, price)
    ${numbers} SELECT ${id}, 'settled', 'key-1', ${before}, ${before}, 1, 0, '{}', 1 FROM timed`);
  storage.sql.exec(`INSERT INTO entry (seq, kind, amount, balance_after, at, request_id, key_id, ends_request)
    ${numbers} SELECT n + 1, 'charge', -1, ${CREDIT} - n, ${before}, ${id}, 'key-1', 1 FROM timed`);
  // As the outbox leaves it: nothing is open, all is told.
  storage.sql.exec(
    "UPDATE account SET exported_seq = ?, oldest_open_id = ?",
    entries + 1,
    requestId(before + 80_000_000, 0),
  );
  account.restart();
  return { ...account, ...seen };
}

/** One request from reserve to settlement. */
export function oneRequest(engine: Engine, nowMs: number, number: number): void {
  const id = requestId(nowMs, number);
  const reserved = engine.run((account) => reserve(account, aReserve({ requestId: id, holdNanoUsd: 50 })));
  if (!reserved.ok) throw new Error(reserved.error.code);
  const outcome = engine.run((account) => endRequest(account, aSettlement(id, 40)));
  if (outcome !== "applied") throw new Error(outcome);
}

function watch(storage: DurableObjectStorage): { watched: DurableObjectStorage; seen: Watched } {
  const statements: { query: string; bindings: SqlStorageValue[] }[] = [];
  const cursors: { readonly rowsRead: number; readonly rowsWritten: number }[] = [];
  const exec = (query: string, ...bindings: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...bindings);
    statements.push({ query, bindings });
    cursors.push(cursor);
    return cursor;
  };
  const watched = {
    sql: { exec },
    transactionSync: <Value>(work: () => Value) => storage.transactionSync(work),
  };
  return {
    // The engine uses these two of the storage, and no other part of it.
    watched: watched as unknown as DurableObjectStorage,
    seen: {
      statements,
      rows: () => {
        const sum = { read: 0, written: 0 };
        for (const cursor of cursors.splice(0)) {
          sum.read += cursor.rowsRead;
          sum.written += cursor.rowsWritten;
        }
        return sum;
      },
    },
  };
}
