import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { selectChangedMembers } from "../db/changed-members.ts";
import { roleName } from "../domain/company-view.ts";
import { contactOf } from "../notices/contact-of.ts";
import { tell } from "../notices/tell.ts";

const HOUR_MS = 3_600_000;
/** The queue's bound on one batch. */
const BATCH = 100;

/** Hourly: tells notifications again of members that joined or changed lately, since a queue may have been away. A repeat changes nothing. */
export async function tellContacts(call: Call): Answer<void> {
  let after: string | null = null;
  for (;;) {
    const rows = await selectChangedMembers(call.db, call.nowMs - 2 * HOUR_MS, after, BATCH);
    tell(
      call,
      rows.map(({ customName, role, ...row }) => contactOf({ ...row, role: roleName(role, customName) })),
    );
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return ok();
    after = `${last.companyId}/${last.memberId}`;
  }
}
