import { type Notice, NOTICE_MESSAGE_VERSION, type NoticeMessage } from "@aggregator/contracts/notices";
import type { Call } from "../call.ts";

type Said = {
  readonly [Kind in Notice["kind"]]: Pick<Extract<Notice, { kind: Kind }>, "kind" | "data">;
}[Notice["kind"]];

/**
 * Queues messages about what is stored already; the answer does not wait. A queue that is away costs a
 * mail, which a person can ask for again, and contacts, which the hourly run tells again.
 */
export function tell(call: Call, messages: readonly NoticeMessage[]): void {
  if (messages.length > 0) call.later(call.notices.sendBatch(messages.map((body) => ({ body }))));
}

/** A notice; `id` is the same for a repeat of the same event, which is then heard once. */
export function noticeOf(call: Call, companyId: string | null, said: Said, id: string = call.newId()): NoticeMessage {
  const base = { version: NOTICE_MESSAGE_VERSION, type: "notice", id, company_id: companyId } as const;
  return { ...base, occurred_at_ms: call.nowMs, ...said };
}
