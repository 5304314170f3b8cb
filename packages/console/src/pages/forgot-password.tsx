import type { JSX } from "preact";
import { useAction } from "../api/use-action.ts";
import type { EntranceProps } from "../entrances.tsx";
import { Alone } from "../parts/alone.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";

/** Asks for a mail with a link. */
export function ForgotPassword({ api }: EntranceProps): JSX.Element {
  const action = useAction(
    (form: FormData) => api.ask("/v1/auth/password/forgot", { email: textOf(form, "email") }),
    () => undefined,
  );
  return (
    <Alone title="Forgot your password?" lead="We mail you a link that lets you set a new one.">
      {action.isDone ? (
        <p class="notice" role="status">
          If there is an account with this address, a link is on its way. It is good for an hour.
        </p>
      ) : (
        <Form action={action} submit="Mail me a link">
          <Field label="E-mail" name="email" type="email" required autocomplete="username" />
        </Form>
      )}
      <p>
        <Link to="/">Sign in</Link>
      </p>
    </Alone>
  );
}
