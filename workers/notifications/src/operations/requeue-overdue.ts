import { listOverdueDeliveries } from "../db/deliveries.ts";
import { listOverdueEmails } from "../db/emails.ts";
import type { Dependencies } from "../dependencies.ts";
import { emailJob, webhookJob } from "../domain/delivery-job.ts";
import { sendJobs } from "./send-jobs.ts";

const OVERDUE_MS = 600_000;
const MAX_JOBS = 500;

/** Queues again what has been due for ten minutes: its job was lost. A job too many changes nothing. Returns how many. */
export async function requeueOverdue(dependencies: Dependencies): Promise<number> {
  const dueBeforeMs = dependencies.now() - OVERDUE_MS;
  const emails = await listOverdueEmails(dependencies.db, dueBeforeMs, MAX_JOBS);
  const deliveries = await listOverdueDeliveries(dependencies.db, dueBeforeMs, MAX_JOBS);
  const jobs = [...emails.map(emailJob), ...deliveries.map(webhookJob)];
  await sendJobs(dependencies, jobs);
  if (jobs.length > 0) dependencies.log.warn("overdue_requeued", { count: jobs.length });
  return jobs.length;
}
