import { z } from "zod";
import { Secret, Slug } from "./fields.ts";

const fields = {
  name: z.string().trim().max(100),
  api_key: Secret.min(1, "is required"),
  /** False: saved without asking the provider. */
  verify: z.boolean().default(true),
};

/** `POST /v1/provider-credentials`. */
export const CreateProviderCredentialInput = z.strictObject({
  ...fields,
  name: fields.name.default(""),
  provider: Slug,
});

/** `PATCH /v1/provider-credentials/{id}`: absent fields stay. */
export const UpdateProviderCredentialInput = z.strictObject({
  ...fields,
  name: fields.name.optional(),
  api_key: fields.api_key.optional(),
});
