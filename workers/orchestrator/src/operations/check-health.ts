import { ok, type Result } from "@aggregator/contracts/result";
import { sql } from "drizzle-orm";
import type { Call } from "../call.ts";

/** One round trip to the database; throws when it does not answer, which the caller reports as down. */
export async function checkHealth(call: Call): Promise<Result<void>> {
  await call.db.run(sql`SELECT 1`);
  return ok();
}
