import { CIRCUIT_STATES, CREDENTIAL_SIGNALS, type ProviderHealthView } from "@aggregator/contracts/provider-health";
import { z } from "@hono/zod-openapi";
import { Time } from "./common.ts";

const Circuit = z
  .object({
    endpoint: z.string(),
    provider: z.string(),
    state: z.enum(CIRCUIT_STATES),
    share: z.number().openapi({ description: "Of the traffic that would go there, 0 to 1." }),
    recent_successes: z.number().int(),
    recent_failures: z.number().int(),
    consecutive_failures: z.number().int(),
    trips: z.number().int().openapi({ description: "How often it opened in a row." }),
    since: Time,
    open_until: Time.nullable(),
  })
  .openapi("Circuit");

const SetAsideCredential = z
  .object({
    credential: z.string(),
    provider: z.string(),
    reason: z.enum(CREDENTIAL_SIGNALS).exclude(["accepted"]),
    until: Time,
  })
  .openapi("SetAsideCredential");

export const ProviderHealth = z
  .object({ circuits: z.array(Circuit).readonly(), credentials: z.array(SetAsideCredential).readonly() })
  .openapi("ProviderHealth") satisfies z.ZodType<ProviderHealthView>;
