const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

export interface MonthSpan {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The span of `2026-11` (UTC); null for what is no month. */
export function spanOf(month: string): MonthSpan | null {
  const match = MONTH.exec(month);
  if (match === null) return null;
  const year = Number(match[1]);
  const index = Number(match[2]) - 1;
  return { month, startMs: Date.UTC(year, index, 1), endMs: Date.UTC(year, index + 1, 1) };
}

/** The month that a time falls in. */
export function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** The months from the one of `firstMs` to the one of `lastMs`, newest first, before `before` if given. */
export function monthsBetween(firstMs: number, lastMs: number, before: string | undefined, limit: number): string[] {
  const months: string[] = [];
  const at = new Date(lastMs);
  let year = at.getUTCFullYear();
  let index = at.getUTCMonth();
  while (months.length < limit && Date.UTC(year, index + 1, 1) > firstMs) {
    const month = monthOf(Date.UTC(year, index, 1));
    if (before === undefined || month < before) months.push(month);
    index -= 1;
    if (index < 0) {
      index = 11;
      year -= 1;
    }
  }
  return months;
}
