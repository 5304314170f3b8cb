import type { Dependencies } from "../dependencies.ts";
import type { DeliveryJob } from "../domain/delivery-job.ts";

const MAX_BATCH = 100;

/** Puts jobs on the queue `deliveries`. Throws when the queue does not take them; the rows stay pending. */
export async function sendJobs(
  { deliveries }: Pick<Dependencies, "deliveries">,
  jobs: readonly DeliveryJob[],
): Promise<void> {
  for (let start = 0; start < jobs.length; start += MAX_BATCH) {
    await deliveries.sendBatch(jobs.slice(start, start + MAX_BATCH).map((body) => ({ body })));
  }
}
