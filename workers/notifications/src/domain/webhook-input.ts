import { COMPANY_NOTICE_KINDS } from "@aggregator/contracts/notifications";
import { z } from "zod";

const Events = z
  .array(z.enum(COMPANY_NOTICE_KINDS, { error: `must be one of ${COMPANY_NOTICE_KINDS.join(", ")}` }))
  .min(1, "needs at least one event")
  .max(COMPANY_NOTICE_KINDS.length)
  .transform((events) => [...new Set(events)]);
const Url = z.string().min(1).max(2_048);
const Description = z.string().max(200);

/** Body of `POST /v1/webhooks`. */
export const CreateWebhookInput = z.strictObject({
  url: Url,
  events: Events,
  description: Description.default(""),
});

/** Body of `PATCH /v1/webhooks/{id}`; what is absent stays. */
export const UpdateWebhookInput = z.strictObject({
  url: Url.optional(),
  events: Events.optional(),
  description: Description.optional(),
  is_enabled: z.boolean().optional(),
});
