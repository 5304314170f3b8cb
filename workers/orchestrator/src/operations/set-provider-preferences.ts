import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderPreferencesView } from "@aggregator/contracts/company-routing";
import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { type Answer, changed } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";
import type { Call } from "../call.ts";
import { preferencesStatement, writePreferences } from "../db/company-routing.ts";
import { providerPreferencesView } from "../domain/provider-preferences-view.ts";

/**
 * Replaces the company's preferences. Wishes in them give way to those of a key or a request; bounds
 * hold for all. Needs `provider_preferences:manage`. `invalid_request` naming the field,
 * `precondition_failed`, `conflict`.
 */
export async function setProviderPreferences(
  call: Call,
  actor: Actor,
  input: unknown,
  ifMatch: string | null,
): Answer<ProviderPreferencesView> {
  const allowed = requirePermission(actor, "provider_preferences:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ProviderPreferences, input);
  if (!parsed.ok) return parsed;
  const { companyId } = actor;
  const before = await preferencesStatement(call.db, companyId).get();
  const revision = before?.revision ?? 0;
  const current = checkRevision(ifMatch, revision);
  if (!current.ok) return current;
  const row = { companyId, preferences: parsed.value, revision: revision + 1, updatedAtMs: call.nowMs };
  const written = await writePreferences(call.db, row, revision);
  if (written === undefined) return lostRace(ifMatch);
  // This isolate routes by it at once, others within the second.
  call.catalogue.companies.delete(companyId);
  return changed(providerPreferencesView(written), differenceOf(before?.preferences ?? {}, parsed.value));
}
