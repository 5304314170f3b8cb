import type { Notice } from "@aggregator/contracts/notices";
import { listListeners } from "../db/contacts.ts";
import type { Delivery } from "../db/deliveries.ts";
import { insertNotice, listSubscribers } from "../db/notices.ts";
import type { Dependencies } from "../dependencies.ts";
import { audienceOf } from "../domain/audience.ts";
import { emailJob, webhookJob } from "../domain/delivery-job.ts";
import { newDelivery, newEmail } from "../domain/outgoing.ts";
import { type Audience, audienceKindOf, webhookPayload } from "../domain/plan-notice.ts";
import { sendJobs } from "./send-jobs.ts";

/**
 * Decides who hears of a notice, keeps what is to be sent in one commit, and queues it. A repeat of the
 * notice sends nothing twice. Throws when the database or the queue does not take it.
 */
export async function recordNotice(dependencies: Dependencies, notice: Notice): Promise<void> {
  const nowMs = dependencies.now();
  const audience = audienceKindOf(notice);
  const addresses = await addressesOf(dependencies, audience);
  const emails = await Promise.all(addresses.map((to) => newEmail(notice, to, nowMs)));
  const deliveries = await deliveriesOf(dependencies, notice, audience, nowMs);
  await insertNotice(dependencies.db, notice, { emails, deliveries }, nowMs);
  await sendJobs(dependencies, [
    ...emails.map(({ id }) => emailJob(id)),
    ...deliveries.map(({ id }) => webhookJob(id)),
  ]);
}

async function addressesOf({ db, config }: Dependencies, audience: Audience): Promise<readonly string[]> {
  switch (audience.kind) {
    case "address":
      return [audience.to];
    case "operators":
      return config.OPERATOR_EMAILS;
    case "company":
      return audienceOf(audience.event, await listListeners(db, audience.companyId, audience.event));
  }
}

async function deliveriesOf(
  { db }: Dependencies,
  notice: Notice,
  audience: Audience,
  nowMs: number,
): Promise<Delivery[]> {
  if (audience.kind !== "company") return [];
  const { companyId, event } = audience;
  const payload = webhookPayload(event, companyId, notice.occurred_at_ms, notice.data);
  const webhookIds = await listSubscribers(db, companyId, event);
  return Promise.all(
    webhookIds.map((webhookId) => newDelivery({ messageId: notice.id, companyId, webhookId, event, payload }, nowMs)),
  );
}
