import type { Notice } from "@aggregator/contracts/notices";
import { COMPANY_NOTICE_KINDS, type CompanyNoticeKind } from "@aggregator/contracts/notifications";

/** Who is to hear of a notice. */
export type Audience =
  /** This address, whatever it prefers. */
  | { readonly kind: "address"; readonly to: string }
  /** Members by preference, and webhooks by subscription. */
  | { readonly kind: "company"; readonly companyId: string; readonly event: CompanyNoticeKind }
  | { readonly kind: "operators" };

/** Whom a notice is for. */
export function audienceKindOf(notice: Notice): Audience {
  if ("to" in notice.data) return { kind: "address", to: notice.data.to };
  const event = COMPANY_NOTICE_KINDS.find((kind) => kind === notice.kind);
  if (notice.company_id === null || event === undefined) return { kind: "operators" };
  return { kind: "company", companyId: notice.company_id, event };
}

/** The body of a webhook: what happened, when, and its facts. */
export function webhookPayload(event: string, companyId: string, occurredAtMs: number, data: unknown): string {
  return JSON.stringify({
    type: event,
    timestamp: new Date(occurredAtMs).toISOString(),
    company_id: companyId,
    data,
  });
}
