import type { Ending, EndingOutcome } from "@aggregator/contracts/account";
import { withDeadline } from "@aggregator/runtime/with-deadline";
import type { Env } from "../env.ts";
import { CompanyEndings } from "./company-endings.ts";
import { disposeReply } from "./dispose-reply.ts";

const END_TIMEOUT_MS = 5_000;
const byCompany = new Map<string, CompanyEndings>();

const clock = {
  now: Date.now,
  sleep: (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms);
    }),
};

/**
 * Brings an ending to the company's account, grouped with others of this isolate; retried with a new
 * stub until about 25 s. Resolves when it is acknowledged (null: it was not; the account's lease sweeper
 * ends the request then). Never rejects.
 */
export async function submitEnding(env: Env, companyId: string, ending: Ending): Promise<EndingOutcome | null> {
  let endings = byCompany.get(companyId);
  if (endings === undefined) {
    endings = new CompanyEndings(clock);
    byCompany.set(companyId, endings);
  }
  const outcome = await endings.submit(ending, (group) => send(env, companyId, group));
  if (endings.isIdle && byCompany.get(companyId) === endings) byCompany.delete(companyId);
  return outcome;
}

async function send(env: Env, companyId: string, group: readonly Ending[]): Promise<readonly EndingOutcome[]> {
  // A stub is broken after an exception, so each try makes its own.
  const outcomes = await withDeadline(env.COMPANY_ACCOUNT.getByName(companyId).end(group), END_TIMEOUT_MS);
  disposeReply(outcomes);
  return [...outcomes];
}
