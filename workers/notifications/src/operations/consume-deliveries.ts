import { defectFields } from "@aggregator/runtime/log";
import type { Dependencies } from "../dependencies.ts";
import { DeliveryJob } from "../domain/delivery-job.ts";
import { reasonOf } from "../domain/dead-letter.ts";
import { buryMessage } from "./bury-message.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import { sendEmail } from "./send-email.ts";

const RETRY_AFTER_DEFECT_SECONDS = 60;

/** What a job says about itself when it is over: done, or again after a while. */
export type JobEnd = { readonly kind: "done" } | { readonly kind: "again"; readonly delaySeconds: number };

/** Tries a batch of jobs, all at once so that a slow receiver keeps nobody waiting. */
export async function consumeDeliveries(batch: MessageBatch, dependencies: Dependencies): Promise<void> {
  await Promise.all(batch.messages.map((message) => tryJob(message, batch.queue, dependencies)));
}

async function tryJob(message: Message, queue: string, dependencies: Dependencies): Promise<void> {
  try {
    const job = DeliveryJob.safeParse(message.body);
    const end: JobEnd = job.success
      ? await run(job.data, dependencies)
      : await buryMessage(dependencies, message, queue, reasonOf(job.error)).then(() => ({ kind: "done" }));
    if (end.kind === "done") message.ack();
    else message.retry({ delaySeconds: end.delaySeconds });
  } catch (error) {
    dependencies.log.error("delivery_job_failed", { queue, ...defectFields(error) });
    message.retry({ delaySeconds: RETRY_AFTER_DEFECT_SECONDS });
  }
}

function run(job: DeliveryJob, dependencies: Dependencies): Promise<JobEnd> {
  return job.type === "email" ? sendEmail(dependencies, job.id) : deliverWebhook(dependencies, job.id);
}
