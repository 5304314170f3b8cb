import { z } from "zod";

/** A provider's name in paths, preferences and receipts. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be 1 to 64 of a-z, 0-9, dot, dash and underscore");

/** A catalogue id: segments between slashes, such as `openai/gpt-4o` or `@cf/meta/llama-3`. */
export const ModelId = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9@~][\w.:@+~-]*(?:\/[\w.:@+~-]+)*$/, 'must be a model id, such as "openai/gpt-4o"')
  .refine((id) => !id.split("/").some((segment) => /^\.+$/.test(segment)), "must not have a segment of dots");

/** What a provider calls the model: anything printable. */
export const UpstreamModel = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces");

/** A whole number of tokens. */
export const TokenCount = z.int().min(1).max(1_000_000_000);

/** A provider's key: it travels in a header. Empty: none. */
export const Secret = z
  .string()
  .max(8_192)
  .regex(/^[\x21-\x7e]*$/, "must be printable ASCII without spaces");
