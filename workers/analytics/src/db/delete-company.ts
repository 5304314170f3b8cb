import { eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { platformDaily, usageDaily, usageHourly } from "./schema.ts";

/** Deletes a company's cells of every rollup, in one commit. */
export async function deleteCompany(db: Database, companyId: string): Promise<void> {
  await db.batch([
    db.delete(usageHourly).where(eq(usageHourly.companyId, companyId)),
    db.delete(usageDaily).where(eq(usageDaily.companyId, companyId)),
    db.delete(platformDaily).where(eq(platformDaily.companyId, companyId)),
  ]);
}
