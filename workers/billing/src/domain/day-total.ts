/** What a stretch of the ledger adds to one day. */
export interface DayChange {
  /** `2026-11-23`, UTC. */
  readonly day: string;
  /** Entries that moved money. */
  readonly entries: number;
  readonly amountNanoUsd: number;
}

/** What the ledger says of a day up to an entry. */
export interface DayTotal extends DayChange {
  readonly throughSeq: number;
}

/** The day that a time is in, UTC. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Sums entries by day, in the order of the ledger. */
export function changesByDay(entries: Iterable<{ readonly at: number; readonly amount: number }>): DayChange[] {
  const days = new Map<string, DayChange>();
  for (const { at, amount } of entries) {
    const day = dayOf(at);
    const before = days.get(day) ?? { day, entries: 0, amountNanoUsd: 0 };
    const moved = amount === 0 ? 0 : 1;
    days.set(day, { day, entries: before.entries + moved, amountNanoUsd: before.amountNanoUsd + amount });
  }
  return [...days.values()].filter(({ entries: moved }) => moved > 0);
}
