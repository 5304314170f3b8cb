import type { Budget } from "@aggregator/contracts/actor";
import type { BudgetScope } from "@aggregator/contracts/budgets";
import type { RequestSubject } from "@aggregator/contracts/request-record";
import type { CreditLot } from "../domain/credit-lot.ts";
import type { MarkupOverrides } from "../domain/markup.ts";
import type { Usage } from "@aggregator/contracts/usage";
import type { AccountPlan } from "./set-plan.ts";

/** A reservation that has not ended. */
export interface OpenReservation {
  readonly id: string;
  readonly keyId: string;
  readonly memberId: string | null;
  readonly createdAtMs: number;
  readonly markupBps: number;
  readonly opening: Opening;
  readonly holdNanoUsd: number;
  readonly leaseUntilMs: number;
  readonly dispatched: boolean;
  readonly cancelRequested: boolean;
  readonly checkpoint: StoredCheckpoint | null;
}

/** What was known when the request was reserved; stored as JSON. */
export interface Opening {
  readonly subject: RequestSubject;
  /** Cost of the input alone, without markup. */
  readonly promptNanoUsd: number;
  readonly estimatedTokens: number;
  /** The key's limit, to correct it at settlement. */
  readonly tokensPerMinute: number | null;
  readonly keyBudget: Budget | null;
  /** Pinned markups of models that are not the first one's; absent: all have the same. */
  readonly markupBpsByModel?: Readonly<Record<string, number>>;
}

export interface StoredCheckpoint {
  readonly usage: Usage | null;
  readonly priceNanoUsd: number;
  readonly costNanoUsd: number;
}

/** A limit that people set beside the key's own. */
export interface StoredBudget extends Budget {
  readonly scope: BudgetScope;
  readonly scopeId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The share of which somebody was told last, and in the period that began when. */
  readonly toldPercent: number;
  readonly toldStartMs: number;
}

/** What an owner has spent in one period of a budget: posted charges. */
export interface Spent {
  readonly startMs: number;
  readonly endMs: number;
  nanoUsd: number;
}

/**
 * What the account keeps in memory: nothing that cannot be derived from its rows. It is changed
 * inside the transaction that writes the rows and thrown away when that transaction fails, so memory
 * never says more than the disk.
 */
export interface Book {
  balanceNanoUsd: number;
  heldNanoUsd: number;
  lastSeq: number;
  /** Time of the last entry: the ledger's time never goes back, whatever the clock does. */
  lastAtMs: number;
  exportedSeq: number;
  markupBps: number;
  plan: AccountPlan | null;
  /** null: not told yet. */
  markupOverrides: MarkupOverrides | null;
  frozenReason: string | null;
  /** Ascending; the platform's until the company sets its own. */
  lowBalanceThresholds: readonly number[];
  /** The lowest threshold below which the company knows its balance to be; null: above all. */
  lowBalanceTold: number | null;
  /** Credits that expire, soonest first, paid from up to the entry `lotsSeq`. */
  lots: readonly CreditLot[];
  lotsSeq: number;
  /** D1 has not been told all daily totals. */
  hasUntoldDays: boolean;
  /** When a page of an audit was last read. */
  auditedAtMs: number;
  /** Notices are waiting to be sent. */
  hasNotices: boolean;
  /** No open reservation has a smaller id: where a restart begins to look. */
  oldestOpenId: string;
  readonly open: Map<string, OpenReservation>;
  readonly perKey: Map<string, { heldNanoUsd: number; open: number }>;
  readonly revokedKeys: Set<string>;
  /** GCRA arrival times by limiter name. */
  readonly limiters: Map<string, number>;
  /** What open reservations of a member hold. */
  readonly heldByMember: Map<string, number>;
  /** By owner's name. */
  readonly budgets: Map<string, readonly StoredBudget[]>;
  /** By owner's name, each period loaded when a budget first asks. */
  readonly spent: Map<string, Map<Budget["period"], Spent>>;
}

export function emptyBook(): Book {
  return {
    balanceNanoUsd: 0,
    heldNanoUsd: 0,
    lastSeq: 0,
    lastAtMs: 0,
    exportedSeq: 0,
    markupBps: 0,
    plan: null,
    markupOverrides: null,
    frozenReason: null,
    lowBalanceThresholds: [],
    lowBalanceTold: null,
    lots: [],
    lotsSeq: 0,
    hasUntoldDays: false,
    auditedAtMs: -Infinity,
    hasNotices: false,
    oldestOpenId: "",
    open: new Map(),
    perKey: new Map(),
    revokedKeys: new Set(),
    limiters: new Map(),
    heldByMember: new Map(),
    budgets: new Map(),
    spent: new Map(),
  };
}

export function availableNanoUsd(book: Book): number {
  return book.balanceNanoUsd - book.heldNanoUsd;
}

/** Puts a reservation among the open ones, or replaces it with a changed one. */
export function putOpen(book: Book, reservation: OpenReservation): void {
  const before = book.open.get(reservation.id);
  const key = book.perKey.get(reservation.keyId) ?? { heldNanoUsd: 0, open: 0 };
  const change = reservation.holdNanoUsd - (before?.holdNanoUsd ?? 0);
  book.heldNanoUsd += change;
  key.heldNanoUsd += change;
  if (before === undefined) key.open += 1;
  book.perKey.set(reservation.keyId, key);
  holdForMember(book, reservation.memberId, change);
  book.open.set(reservation.id, reservation);
}

export function removeOpen(book: Book, reservation: OpenReservation): void {
  book.open.delete(reservation.id);
  book.heldNanoUsd -= reservation.holdNanoUsd;
  holdForMember(book, reservation.memberId, -reservation.holdNanoUsd);
  const key = book.perKey.get(reservation.keyId);
  if (key === undefined) return;
  key.heldNanoUsd -= reservation.holdNanoUsd;
  key.open -= 1;
  if (key.open === 0) book.perKey.delete(reservation.keyId);
}

function holdForMember(book: Book, memberId: string | null, change: number): void {
  if (memberId === null) return;
  const held = (book.heldByMember.get(memberId) ?? 0) + change;
  if (held === 0) book.heldByMember.delete(memberId);
  else book.heldByMember.set(memberId, held);
}
