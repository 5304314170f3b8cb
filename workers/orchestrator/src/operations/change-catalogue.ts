import type { Call } from "../call.ts";
import { runBatch, type Statement } from "../db/client.ts";

/** Writes a change of the catalogue in one transaction; this isolate sees it at once. */
export async function changeCatalogue(call: Call, statements: readonly Statement[]): Promise<void> {
  await runBatch(call.db, statements);
  call.catalogue.clear();
}
