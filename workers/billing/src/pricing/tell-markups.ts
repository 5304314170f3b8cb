import { openDatabase } from "../db/client.ts";
import { listAccountsWithUntoldMarkups, markMarkupsTold, readMarkupOverrides } from "../db/markup-overrides.ts";
import type { Env } from "../env.ts";

const BATCH = 200;
const AT_ONCE = 10;

/** Puts the overrides that concern a company in force in its account. Idempotent; an older state that arrives late is ignored. */
export async function tellMarkups(env: Env, companyId: string): Promise<void> {
  const db = openDatabase(env.DB);
  const overrides = await readMarkupOverrides(db, companyId);
  await env.COMPANY_ACCOUNT.getByName(companyId).setMarkupOverrides(overrides);
  await markMarkupsTold(db, companyId, overrides.revision);
}

/** Tells active accounts what they have not been told; for cron. One that is quiet is listed, and told, once it is active. */
export async function tellUntoldMarkups(env: Env): Promise<void> {
  const untold = await listAccountsWithUntoldMarkups(openDatabase(env.DB), BATCH);
  for (let start = 0; start < untold.length; start += AT_ONCE) {
    await Promise.all(untold.slice(start, start + AT_ONCE).map((companyId) => tellMarkups(env, companyId)));
  }
}
