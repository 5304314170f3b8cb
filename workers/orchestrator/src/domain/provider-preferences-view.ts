import type { ProviderPreferencesView } from "@aggregator/contracts/company-routing";
import type { PreferencesRow } from "../db/company-routing.ts";

/** A company's preferences as it sees them; undefined: it never set any. */
export function providerPreferencesView(row: PreferencesRow | undefined): ProviderPreferencesView {
  if (row === undefined) return { preferences: {}, revision: 0, updated_at: null };
  return {
    preferences: row.preferences,
    revision: row.revision,
    updated_at: new Date(row.updatedAtMs).toISOString(),
  };
}
