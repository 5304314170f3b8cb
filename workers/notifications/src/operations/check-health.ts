import { ok, type Result } from "@aggregator/contracts/result";
import { sql } from "drizzle-orm";
import type { Dependencies } from "../dependencies.ts";

/** One round trip to the database; throws when it does not answer, which the caller reports as down. */
export async function checkHealth({ db }: Dependencies): Promise<Result<void>> {
  await db.run(sql`SELECT 1`);
  return ok();
}
