import { PROVIDER_STATES, type ProviderStatusView } from "@aggregator/contracts/analytics";
import { CIRCUIT_STATES, type ProviderCircuitView } from "@aggregator/contracts/provider-health";
import { z } from "@hono/zod-openapi";

const ProviderState = z.enum(PROVIDER_STATES);

const ProviderStatus = z
  .object({
    provider: z.string(),
    status: ProviderState.openapi({ description: "In the last minutes; unknown: nobody called it." }),
    availability_24h: z.number().nullable().openapi({ description: "Share of calls that it answered, 0 to 1." }),
    hours: z
      .array(ProviderState)
      .readonly()
      .openapi({ description: "The last 24 hours, oldest first, the present one last." }),
  })
  .openapi("ProviderStatus") satisfies z.ZodType<ProviderStatusView>;

const ProviderCircuit = z
  .object({
    provider: z.string(),
    state: z.enum(CIRCUIT_STATES).openapi({
      description:
        "The worst among its endpoints. `open`: passed by; `half_open`: one request may try; `ramping`: back with a share of its traffic; `closed`: all is well.",
    }),
  })
  .openapi("ProviderCircuit") satisfies z.ZodType<ProviderCircuitView>;

export const PlatformStatus = z
  .object({
    status: z.enum(["operational", "degraded", "outage"]),
    checked_at: z.string().openapi({ format: "date-time" }),
    components: z.array(z.object({ name: z.string(), status: z.enum(["operational", "down"]) })).readonly(),
    providers: z.array(ProviderStatus).readonly(),
    circuits: z.array(ProviderCircuit).readonly().openapi({
      description: "As all locations together see it now; a provider that nobody called lately is not named.",
    }),
  })
  .openapi("PlatformStatus");
export type PlatformStatusBody = Readonly<z.output<typeof PlatformStatus>>;
