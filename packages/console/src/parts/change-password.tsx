import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { Field, Form } from "../ui/form.tsx";
import { Section } from "../ui/page.tsx";
import { NewPasswordField } from "./new-password-field.tsx";

export function ChangePassword(): JSX.Element {
  const api = useApi();
  const [changes, setChanges] = useState(0);
  const action = useAction(
    (form: FormData) =>
      api.call("POST", "/v1/auth/password/change", {
        current_password: form.get("current_password"),
        new_password: form.get("new_password"),
      }),
    () => setChanges(changes + 1),
  );
  return (
    <Section title="Password">
      <Form key={changes} action={action} submit="Change password" done="Changed. Your other sessions have ended.">
        <Field
          label="Current password"
          name="current_password"
          type="password"
          required
          autocomplete="current-password"
        />
        <NewPasswordField name="new_password" />
      </Form>
    </Section>
  );
}
