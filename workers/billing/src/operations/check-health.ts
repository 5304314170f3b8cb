import { type Answer, ok } from "@aggregator/contracts/result";
import type { Env } from "../env.ts";
import { billingConfig } from "../env.ts";

/** One round trip to the database, with the configuration checked. Throws when either fails. */
export async function checkHealth(env: Env): Answer<void> {
  billingConfig(env);
  await env.DB.prepare("SELECT 1").first();
  return ok();
}
