import type { ContactState } from "@aggregator/contracts/notices";
import type { Call } from "../call.ts";
import { selectMembers } from "../db/members.ts";
import { memberView } from "../domain/member-view.ts";
import { contactOf } from "../notices/contact-of.ts";
import { tell } from "../notices/tell.ts";

/** The queue's bound on one batch. */
const BATCH = 100;

/** Nobody of the company hears of it any more; `as` says how each is to be known from now on. */
export async function forgetContacts(
  call: Call,
  companyId: string,
  as: (contact: ContactState) => ContactState,
): Promise<void> {
  let after: string | null = null;
  for (;;) {
    const members = await selectMembers(call.db, companyId, after, BATCH);
    const contacts = members.map((member) =>
      contactOf({ ...member, role: memberView(member).role, isActive: false, changedAtMs: call.nowMs }),
    );
    tell(call, contacts.map(as));
    const last = members.at(-1);
    if (last === undefined || members.length < BATCH) return;
    after = last.memberId;
  }
}
