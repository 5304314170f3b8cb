import type { Actor } from "@aggregator/contracts/actor";
import { COMPANY_NOTICE_KINDS, type NotificationPreferencesView } from "@aggregator/contracts/notifications";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { findRole } from "../db/contacts.ts";
import { listChoices } from "../db/preferences.ts";
import type { Dependencies } from "../dependencies.ts";
import { isToldByDefault } from "../domain/audience.ts";

/**
 * What the acting member hears of by e-mail: its choices, and what its role gets otherwise. Needs
 * `notifications:manage`. Errors: `permission_denied`, also for an actor that is no member.
 */
export async function getPreferences({ db }: Dependencies, actor: Actor): Promise<Result<NotificationPreferencesView>> {
  const member = memberOf(actor);
  if (!member.ok) return member;
  const role = (await findRole(db, actor.companyId, member.value)) ?? "";
  const choices = await listChoices(db, actor.companyId, member.value);
  return ok({
    data: COMPANY_NOTICE_KINDS.map((kind) => {
      const byDefault = isToldByDefault(role, kind);
      return { kind, email: choices.get(kind) ?? byDefault, default_email: byDefault };
    }),
  });
}

/** The member whose preferences an actor may see and change: its own. */
export function memberOf(actor: Actor): Result<string> {
  const allowed = requirePermission(actor, "notifications:manage");
  if (!allowed.ok) return allowed;
  if (actor.memberId === null) return err("permission_denied", "Preferences belong to a member; log in as one.");
  return ok(actor.memberId);
}
