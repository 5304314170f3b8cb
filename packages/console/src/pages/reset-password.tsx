import type { JSX } from "preact";
import { useLinkToken } from "../api/link-token.ts";
import { useAction } from "../api/use-action.ts";
import type { EntranceProps } from "../entrances.tsx";
import { Alone } from "../parts/alone.tsx";
import { IncompleteLink } from "../parts/incomplete-link.tsx";
import { NewPasswordField } from "../parts/new-password-field.tsx";
import { Form } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";

/** Sets a new password by a mail's link. */
export function ResetPassword({ api, onSignedOut }: EntranceProps): JSX.Element {
  const token = useLinkToken();
  const action = useAction(
    (form: FormData) => api.ask("/v1/auth/password/reset", { token, new_password: form.get("new_password") }),
    () => onSignedOut("Your new password is set. Sign in with it."),
  );
  if (token === null) return <IncompleteLink />;
  return (
    <Alone title="Set a new password" lead="It ends all your sessions.">
      <Form action={action} submit="Set password">
        <NewPasswordField name="new_password" />
      </Form>
      <p>
        <Link to="/forgot-password">Ask for another link</Link>
      </p>
    </Alone>
  );
}
