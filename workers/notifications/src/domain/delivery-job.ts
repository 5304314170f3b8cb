import { z } from "zod";

/** A job of the queue `deliveries`: try this e-mail or webhook delivery now. The row says the rest. */
export const DeliveryJob = z.object({
  version: z.literal(1),
  type: z.enum(["email", "webhook"]),
  id: z.string().min(1).max(256),
});
export type DeliveryJob = z.infer<typeof DeliveryJob>;

export function emailJob(id: string): DeliveryJob {
  return { version: 1, type: "email", id };
}

export function webhookJob(id: string): DeliveryJob {
  return { version: 1, type: "webhook", id };
}
