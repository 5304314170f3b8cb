import type { ProviderView } from "@aggregator/contracts/orchestrator";
import type { ProviderRow } from "../db/providers.ts";

/** A provider as operators see it; whether it has a credential, never the credential. */
export function providerView(provider: ProviderRow, hasCredential: boolean): ProviderView {
  return {
    slug: provider.slug,
    kind: provider.kind,
    base_url: provider.baseUrl,
    enabled: provider.enabled,
    priority: provider.priority,
    on_disconnect: provider.onDisconnect,
    collects_data: provider.collectsData,
    has_credential: hasCredential,
    created_at: new Date(provider.createdAtMs).toISOString(),
    updated_at: new Date(provider.updatedAtMs).toISOString(),
  };
}
