import type { Offered } from "./offer-load.ts";

export interface Balance {
  readonly posted_nano_usd: number;
  readonly held_nano_usd: number;
}

const ALLOWED: ReadonlySet<number> = new Set([200, 429, 503]);

/** What is wrong with how the platform took the load: case 71's demands, in words; none when it holds. Pure. */
export function judgeOverload(
  offered: Offered,
  before: Balance,
  after: Balance,
  p99BudgetMs: number | null,
): readonly string[] {
  const faults: string[] = [];
  // What was not offered shows nothing: the case holds only for a machine that is offered the whole load.
  if (offered.givenUp > 0) {
    faults.push(`${offered.givenUp} of ${offered.givenUp + offered.sent} requests could not be offered`);
  }
  const answered = [...offered.byStatus.values()].reduce((sum, count) => sum + count, 0);
  if (answered !== offered.sent) faults.push(`${offered.sent - answered} requests were not answered`);
  for (const [status, count] of offered.byStatus) {
    if (!ALLOWED.has(status)) faults.push(`${count} requests were answered with ${status}`);
  }
  if ((offered.byStatus.get(200) ?? 0) === 0) faults.push("no request was served");
  if (offered.withoutRetryAfter > 0) faults.push(`${offered.withoutRetryAfter} refusals have no Retry-After`);
  if (after.held_nano_usd !== 0) faults.push(`${after.held_nano_usd} nano-USD are still held`);
  const charged = before.posted_nano_usd - after.posted_nano_usd;
  if (charged !== offered.costNanoUsd) {
    faults.push(`the ledger charged ${charged} nano-USD, the answers say ${offered.costNanoUsd}`);
  }
  const { p99 } = offered.latencyMs;
  if (p99BudgetMs !== null && p99 > p99BudgetMs) faults.push(`p99 is ${p99.toFixed(0)} ms, over ${p99BudgetMs} ms`);
  return faults;
}
