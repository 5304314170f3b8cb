import { MAX_NANO_USD } from "@aggregator/money/nano-usd";
import type { Sql } from "./sql.ts";

const AMOUNT = `BETWEEN 0 AND ${MAX_NANO_USD}`;
const SIGNED = `BETWEEN -${MAX_NANO_USD} AND ${MAX_NANO_USD}`;

/**
 * The account's tables. STRICT and CHECKed because SQLite in a Durable Object carries numbers as
 * doubles and would store 0.5 in an INTEGER column. What is a key is chosen by rows written, which
 * are the running cost: `docs/storage.md` has the count for each operation.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE account (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     opened_at INTEGER NOT NULL,
     frozen_reason TEXT,
     markup_bps INTEGER NOT NULL DEFAULT 0 CHECK (markup_bps BETWEEN 0 AND 100000),
     exported_seq INTEGER NOT NULL DEFAULT 0,
     oldest_open_id TEXT NOT NULL DEFAULT ''
   ) STRICT;
   CREATE TABLE reservation (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL CHECK (state IN ('held', 'settled', 'released', 'expired')),
     key_id TEXT NOT NULL,
     member_id TEXT,
     created_at INTEGER NOT NULL,
     lease_until INTEGER NOT NULL,
     hold INTEGER NOT NULL CHECK (hold ${AMOUNT}),
     markup_bps INTEGER NOT NULL,
     opening TEXT NOT NULL,
     dispatched INTEGER NOT NULL DEFAULT 0,
     cancel_requested INTEGER NOT NULL DEFAULT 0,
     checkpoint TEXT,
     ended_at INTEGER,
     ended_by TEXT CHECK (ended_by IN ('proxy', 'sweeper')),
     price INTEGER CHECK (price ${AMOUNT}),
     cost INTEGER CHECK (cost ${AMOUNT}),
     record TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE entry (
     seq INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     amount INTEGER NOT NULL CHECK (amount ${SIGNED}),
     balance_after INTEGER NOT NULL CHECK (balance_after ${SIGNED}),
     cost INTEGER NOT NULL DEFAULT 0 CHECK (cost ${SIGNED}),
     at INTEGER NOT NULL,
     request_id TEXT,
     key_id TEXT,
     member_id TEXT,
     endpoint TEXT,
     provider TEXT,
     model TEXT,
     status INTEGER,
     ends_request INTEGER NOT NULL DEFAULT 0,
     idempotency_key TEXT,
     detail TEXT
   ) STRICT;
   CREATE UNIQUE INDEX entry_idempotency_key ON entry (idempotency_key) WHERE idempotency_key IS NOT NULL;
   CREATE TABLE cell (
     key_id TEXT NOT NULL,
     hour_ms INTEGER NOT NULL,
     model TEXT NOT NULL,
     provider TEXT NOT NULL,
     endpoint TEXT NOT NULL,
     status INTEGER NOT NULL,
     member_id TEXT NOT NULL,
     price INTEGER NOT NULL CHECK (price ${SIGNED}),
     totals TEXT NOT NULL,
     PRIMARY KEY (key_id, hour_ms, model, provider, endpoint, status, member_id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE idempotency (
     key_hash TEXT PRIMARY KEY,
     body_hash TEXT NOT NULL,
     request_id TEXT NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE revoked_key (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE anomaly (
     request_id TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     reason TEXT NOT NULL,
     detail TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE account ADD COLUMN plan TEXT;
   CREATE TABLE movement (
     series TEXT PRIMARY KEY,
     revision INTEGER NOT NULL,
     total INTEGER NOT NULL CHECK (total ${SIGNED}),
     freezes INTEGER NOT NULL DEFAULT 0
   ) STRICT, WITHOUT ROWID;`,
  `CREATE INDEX cell_hour ON cell (hour_ms);
   CREATE TABLE budget (
     scope TEXT NOT NULL CHECK (scope IN ('company', 'member', 'key')),
     scope_id TEXT NOT NULL,
     period TEXT NOT NULL CHECK (period IN ('day', 'month', 'lifetime')),
     amount INTEGER NOT NULL CHECK (amount ${AMOUNT}),
     created_at INTEGER NOT NULL,
     updated_at INTEGER NOT NULL,
     told_start INTEGER NOT NULL DEFAULT 0,
     told_percent INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (scope, scope_id, period)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE spend (
     scope TEXT NOT NULL,
     scope_id TEXT NOT NULL,
     period TEXT NOT NULL,
     start INTEGER NOT NULL,
     amount INTEGER NOT NULL CHECK (amount ${SIGNED}),
     PRIMARY KEY (scope, scope_id, period)
   ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE account ADD COLUMN low_balance_thresholds TEXT;
   ALTER TABLE account ADD COLUMN low_balance_told INTEGER CHECK (low_balance_told ${AMOUNT});
   CREATE TABLE notice (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE account ADD COLUMN lots_seq INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE lot (
     seq INTEGER PRIMARY KEY,
     expires_at INTEGER NOT NULL,
     amount INTEGER NOT NULL CHECK (amount ${AMOUNT})
   ) STRICT;
   CREATE TABLE day_total (
     day TEXT PRIMARY KEY,
     through_seq INTEGER NOT NULL,
     entries INTEGER NOT NULL,
     amount INTEGER NOT NULL CHECK (amount ${SIGNED}),
     told_seq INTEGER NOT NULL DEFAULT 0
   ) STRICT, WITHOUT ROWID;`,
  "ALTER TABLE account ADD COLUMN markup_overrides TEXT;",
  `CREATE TABLE archive (
     last_seq INTEGER PRIMARY KEY,
     first_seq INTEGER NOT NULL,
     day TEXT NOT NULL,
     entries INTEGER NOT NULL,
     moved INTEGER NOT NULL,
     opening INTEGER NOT NULL CHECK (opening ${SIGNED}),
     closing INTEGER NOT NULL CHECK (closing ${SIGNED}),
     spent INTEGER NOT NULL CHECK (spent ${SIGNED}),
     first_at INTEGER NOT NULL,
     last_at INTEGER NOT NULL,
     sums TEXT NOT NULL,
     object_key TEXT NOT NULL,
     sha256 TEXT NOT NULL,
     restored_at INTEGER
   ) STRICT;
   CREATE INDEX archive_restored ON archive (restored_at) WHERE restored_at IS NOT NULL;`,
];

/** Brings the object's tables to the newest version. `PRAGMA user_version` is refused in a Durable Object, hence a table. */
export function migrate(sql: Sql): void {
  sql.run("CREATE TABLE IF NOT EXISTS _migrations (version INTEGER PRIMARY KEY) STRICT");
  const applied =
    sql.first<{ version: number | null }>("SELECT max(version) AS version FROM _migrations")?.version ?? 0;
  MIGRATIONS.slice(applied).forEach((statements, index) => {
    sql.run(statements);
    sql.run("INSERT INTO _migrations (version) VALUES (?)", applied + index + 1);
  });
}
