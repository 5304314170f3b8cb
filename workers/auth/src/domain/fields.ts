import { z } from "zod";

/** Control characters, and the invisible ones that reorder text (Unicode TR 9): never part of a name. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

/** A name that people gave to something. */
export const Name = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(255, "must be at most 255 characters")
  .refine((text) => !HIDDEN.test(text), "must not contain control or invisible characters");

/** An address, in lower case; ASCII only, so that no look-alike passes for another. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "must be at most 254 characters")
  .pipe(z.email("must be an e-mail address"));

const MAX_PASSWORD_BYTES = 72;

/** A new password. bcrypt reads 72 bytes and no more, so a longer one is refused instead of cut. */
export const NewPassword = z
  .string()
  .min(8, "must be at least 8 characters")
  .refine((password) => fitsBcrypt(password), `must be at most ${MAX_PASSWORD_BYTES} bytes in UTF-8, without NUL`);

/** Whether bcrypt would read all of it. */
export function fitsBcrypt(password: string): boolean {
  return !password.includes("\0") && new TextEncoder().encode(password).length <= MAX_PASSWORD_BYTES;
}

/** Any time from now on, ISO 8601 with an offset, as milliseconds. */
export const Instant = z.iso
  .datetime({ offset: true, error: "must be an ISO 8601 time with an offset, such as 2027-01-31T00:00:00Z" })
  .transform((text) => Date.parse(text));

/** Why an operator does something to a company. */
export const ReasonInput = z.strictObject({ reason: Name });
