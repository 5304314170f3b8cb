import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import { z } from "zod";
import { Secret, Slug } from "./fields.ts";

const fields = {
  kind: z.enum(PROVIDER_KINDS),
  base_url: z.string().max(2_048),
  /** Empty or null: none; a stored one is removed. */
  api_key: Secret.nullable(),
  enabled: z.boolean(),
  priority: z.int().min(-1_000_000).max(1_000_000),
  on_disconnect: z.enum(["stop", "drain"]),
  collects_data: z.boolean(),
};

/** `POST /v1/admin/providers`. Strict: a misspelt field is an error, not silently nothing. */
export const CreateProviderInput = z
  .strictObject({ ...fields, slug: Slug })
  .partial()
  .required({ slug: true, kind: true });
export type CreateProviderInput = z.infer<typeof CreateProviderInput>;

/** `PATCH /v1/admin/providers/{slug}`: absent fields stay as they are. */
export const UpdateProviderInput = z.strictObject(fields).partial();
export type UpdateProviderInput = z.infer<typeof UpdateProviderInput>;
