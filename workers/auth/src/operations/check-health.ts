import { type Answer, ok } from "@aggregator/contracts/result";
import { sql } from "drizzle-orm";
import type { Call } from "../call.ts";

/** For readiness: one round trip to the database; it throws when there is none. */
export async function checkHealth(call: Call): Answer<void> {
  await call.db.get(sql`select 1`);
  return ok();
}
