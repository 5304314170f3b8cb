import type { ProviderStatusView } from "@aggregator/contracts/analytics";
import { ok, type Result } from "@aggregator/contracts/result";
import type { Database } from "../db/client.ts";
import { readProviderTraffic } from "../db/read-provider-traffic.ts";
import { providerStatus, statusFromMs } from "../domain/provider-status.ts";

/** How each provider that was called in the last 24 hours has answered, by name. Public: says nothing of volumes or companies. */
export async function getProviderStatus(db: Database, nowMs: number): Promise<Result<readonly ProviderStatusView[]>> {
  const traffic = await readProviderTraffic(db, statusFromMs(nowMs));
  const byProvider = Map.groupBy(traffic, ({ provider }) => provider);
  return ok([...byProvider].map(([provider, calls]) => providerStatus(provider, calls, nowMs)));
}
