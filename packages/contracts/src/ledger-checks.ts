import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** A day on which the ledger of a company and the daily total that D1 has of it differ. */
export interface LedgerFindingView {
  readonly id: string;
  /** UTC. */
  readonly day: string;
  readonly company_id: string;
  readonly ledger_nano_usd: number;
  readonly total_nano_usd: number;
  readonly ledger_entries: number;
  readonly total_entries: number;
  readonly found_at: string;
}

/** What replaying all of a company's ledger came to. */
export interface AuditView {
  readonly company_id: string;
  /** Entries replayed. */
  readonly entries: number;
  /** What they add up to. */
  readonly balance_nano_usd: number;
  readonly ties: boolean;
  /** In words, at most twenty. */
  readonly faults: readonly string[];
}

/** A day of a company's ledger that was put back from the archive. */
export interface RestoredDayView {
  readonly company_id: string;
  /** UTC. */
  readonly day: string;
  /** Entries of the day that are in the account again. */
  readonly entries: number;
}

/** Checks of the books, for operators: each needs a platform admin. */
export interface LedgerChecksApi {
  /** What the hourly comparison found and still stands, newest day first. */
  ledgerFindings(context: CallContext, actor: Actor, query: unknown): Answer<Page<LedgerFindingView>>;
  /** Compares a day of one company now. */
  reconcileLedger(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<Page<LedgerFindingView>>;
  /** Replays the ledger and compares it with all that is derived from it; changes nothing. `not_found` for an id that is none. */
  auditAccount(context: CallContext, actor: Actor, companyId: string): Answer<AuditView>;
  /** Lets an account that the self-check froze admit requests again; `conflict` while its books do not tie. */
  unfreezeAccount(
    context: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<void>;
  /** Puts an archived day's entries and requests back for a week; `not_found` where nothing of it is archived, `conflict` where its file is damaged. */
  restoreLedger(
    context: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<RestoredDayView>;
}
