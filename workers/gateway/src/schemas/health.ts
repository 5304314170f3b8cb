import { z } from "@hono/zod-openapi";

export const Liveness = z.object({ status: z.literal("ok") }).openapi("Liveness");

export const Readiness = z
  .object({
    status: z.enum(["ok", "unavailable"]),
    dependencies: z
      .record(z.string(), z.object({ status: z.enum(["ok", "unavailable"]), latency_ms: z.number().int() }))
      .openapi({ description: "Each Worker behind the gateway, by name." }),
  })
  .openapi("Readiness");
export type Readiness = z.infer<typeof Readiness>;
