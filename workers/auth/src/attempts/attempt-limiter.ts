import { DurableObject } from "cloudflare:workers";
import { decideGcra } from "@aggregator/runtime/gcra";

const MINUTE_MS = 60_000;

/**
 * Counts attempts to register and log in. A fixed number of these objects shares the subjects by their
 * hash, so nothing grows: a subject's row is one number, and rows whose time has passed go with the
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

  /**
   * Counts one attempt of a subject (a hash) that may have `limit` in any `periodMs`: 0 when it may go on,
   * else the milliseconds to wait, and nothing is counted.
   */
  take(subject: string, limit: number, periodMs: number): number {
    // The rule counts per minute: its clock runs slower for a longer period.
    const scale = periodMs / MINUTE_MS;
    const nowMs = Date.now();
    const known = this.#sql.exec("SELECT arrival_ms FROM attempts WHERE subject = ?", subject).toArray()[0];
    const arrivalMs = typeof known?.["arrival_ms"] === "number" ? known["arrival_ms"] : 0;
    const decision = decideGcra(arrivalMs / scale, nowMs / scale, limit, 1);
    if (!decision.admitted) return decision.retryAfterMs * scale;
    this.#sql.exec("DELETE FROM attempts WHERE arrival_ms < ?", nowMs);
    this.#sql.exec(
      "INSERT OR REPLACE INTO attempts (subject, arrival_ms) VALUES (?, ?)",
      subject,
      decision.tatMs * scale,
    );
    return 0;
  }

  /** Forgets a subject's attempts: it proved to be who it says. */
  forget(subject: string): void {
    this.#sql.exec("DELETE FROM attempts WHERE subject = ?", subject);
  }
}
