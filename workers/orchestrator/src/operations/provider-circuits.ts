import type { CircuitState, ProviderCircuitView } from "@aggregator/contracts/provider-health";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { selectEnabledProviders } from "../db/health-targets.ts";

/** From bad to good. */
const WORST_FIRST: readonly CircuitState[] = ["open", "half_open", "ramping", "closed"];

/** The worst circuit of every provider that is on and of which something is known. Public: names no endpoint and no volume. */
export async function providerCircuits(call: Call): Answer<readonly ProviderCircuitView[]> {
  const providers = await selectEnabledProviders(call.db);
  const views = await Promise.all(
    providers.map(({ provider }) => call.providerHealth.getByName(provider.slug).view(provider.slug)),
  );
  return ok(
    views.flatMap(({ circuits }) => {
      const [first] = circuits;
      const worst = WORST_FIRST.find((state) => circuits.some((circuit) => circuit.state === state));
      return first === undefined || worst === undefined ? [] : [{ provider: first.provider, state: worst }];
    }),
  );
}
