import { type Engine, createEngine } from "../../src/account/engine.ts";
import { createSql, type Sql } from "../../src/account/sql.ts";
import { createLogger } from "@aggregator/runtime/log";

export interface TestClock {
  nowMs: number;
}

export interface TestAccount {
  readonly engine: Engine;
  readonly sql: Sql;
  readonly clock: TestClock;
  /** The next transaction fails before its k-th statement (1 = the first); 0 = never. */
  failBefore(statement: number): void;
  /** Forgets all memory, as an eviction does. */
  restart(): void;
}

export class InjectedFault extends Error {
  override readonly name = "InjectedFault";
}

const TABLES = [
  "account",
  "reservation",
  "entry",
  "cell",
  "idempotency",
  "revoked_key",
  "anomaly",
  "movement",
  "budget",
  "spend",
  "notice",
  "lot",
  "day_total",
  "archive",
];

/** The account's engine over the real SQLite of a Durable Object, with our own clock and faults between statements. */
export function openEngine(
  storage: DurableObjectStorage,
  options: {
    readonly creditNanoUsd: number;
    readonly lowBalanceNanoUsd?: number;
    readonly transactional?: boolean;
    readonly archiveAfterDays?: number;
  },
): TestAccount {
  const clock: TestClock = { nowMs: Date.UTC(2026, 10, 23, 12) };
  let countdown = 0;
  const sql = createSql(storage.sql, () => {
    if (countdown === 0) return;
    countdown -= 1;
    if (countdown === 0) throw new InjectedFault("fault between statements");
  });
  const create = () =>
    createEngine({
      companyId: "company-1",
      sql,
      transact: (work) => (options.transactional === false ? work() : storage.transactionSync(work)),
      config: {
        logLevel: "error",
        signupCreditNanoUsd: options.creditNanoUsd,
        outboxFlushMs: 1000,
        archiveAfterDays: options.archiveAfterDays ?? 0,
        lowBalanceNanoUsd: options.lowBalanceNanoUsd ?? 0,
      },
      log: createLogger({ worker: "billing", level: "error", write: () => undefined }),
      now: () => clock.nowMs,
    });
  let engine = create();
  for (const table of TABLES) sql.run(`DELETE FROM ${table}`);
  return {
    sql,
    clock,
    engine: {
      run: (operation) => {
        try {
          return engine.run(operation);
        } finally {
          countdown = 0;
        }
      },
    },
    failBefore: (statement) => {
      countdown = statement;
    },
    restart: () => {
      engine = create();
    },
  };
}
