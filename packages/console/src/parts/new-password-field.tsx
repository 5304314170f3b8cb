import type { JSX } from "preact";
import { Field } from "../ui/form.tsx";

/** Where a password is chosen. */
export function NewPasswordField({ name }: { readonly name: string }): JSX.Element {
  return (
    <Field
      label="New password"
      name={name}
      type="password"
      required
      autocomplete="new-password"
      hint="At least 8 characters. Longer is better: a sentence will do."
    />
  );
}
