import { type ContactState, NOTICE_MESSAGE_VERSION } from "@aggregator/contracts/notices";

/** What notifications is to know of a member in a company now. */
export function contactOf(member: {
  readonly companyId: string;
  readonly memberId: string;
  readonly email: string;
  /** By its name. */
  readonly role: string;
  readonly isActive: boolean;
  readonly changedAtMs: number;
}): ContactState {
  return {
    version: NOTICE_MESSAGE_VERSION,
    type: "contact",
    company_id: member.companyId,
    member_id: member.memberId,
    revision: member.changedAtMs,
    email: member.email,
    role: member.role,
    is_active: member.isActive,
  };
}
