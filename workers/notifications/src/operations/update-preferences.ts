import type { Actor } from "@aggregator/contracts/actor";
import { COMPANY_NOTICE_KINDS, type NotificationPreferencesView } from "@aggregator/contracts/notifications";
import type { Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { upsertChoices } from "../db/preferences.ts";
import type { Dependencies } from "../dependencies.ts";
import { getPreferences, memberOf } from "./get-preferences.ts";

const Input = z.partialRecord(z.enum(COMPANY_NOTICE_KINDS), z.strictObject({ email: z.boolean() }));

/** Changes what the acting member hears of; kinds that are absent stay. Errors: as `getPreferences`, `invalid_request`. */
export async function updatePreferences(
  dependencies: Dependencies,
  actor: Actor,
  input: unknown,
): Promise<Result<NotificationPreferencesView>> {
  const member = memberOf(actor);
  if (!member.ok) return member;
  const parsed = parseInput(Input, input);
  if (!parsed.ok) return parsed;
  const choices = new Map(Object.entries(parsed.value).map(([kind, choice]) => [kind, choice.email]));
  await upsertChoices(dependencies.db, actor.companyId, member.value, choices);
  return getPreferences(dependencies, actor);
}
