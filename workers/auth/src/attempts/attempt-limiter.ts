import { DurableObject } from "cloudflare:workers";
import { decideGcra } from "@aggregator/runtime/gcra";

/**
 * Counts attempts to register and log in. A fixed number of these objects shares the subjects by their
 * hash, so nothing grows: a subject's row is one number, and rows whose minute has passed go with the
 * next attempt. Not D1, where each attempt would be a write in the one database that logins need; not
 * isolate memory, which an attacker spreads over.
 */
export class AttemptLimiter extends DurableObject<unknown> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS attempts (subject TEXT PRIMARY KEY, arrival_ms REAL NOT NULL) STRICT, WITHOUT ROWID",
    );
  }

  /** Counts one attempt of a subject (a hash): 0 when it may go on, else the milliseconds to wait, and nothing is counted. */
  take(subject: string, limitPerMinute: number): number {
    const nowMs = Date.now();
    const known = this.#sql.exec("SELECT arrival_ms FROM attempts WHERE subject = ?", subject).toArray()[0];
    const arrivalMs = typeof known?.["arrival_ms"] === "number" ? known["arrival_ms"] : 0;
    const decision = decideGcra(arrivalMs, nowMs, limitPerMinute, 1);
    if (!decision.admitted) return decision.retryAfterMs;
    this.#sql.exec("DELETE FROM attempts WHERE arrival_ms < ?", nowMs);
    this.#sql.exec("INSERT OR REPLACE INTO attempts (subject, arrival_ms) VALUES (?, ?)", subject, decision.tatMs);
    return 0;
  }
}
