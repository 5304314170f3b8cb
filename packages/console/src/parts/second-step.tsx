import type { JSX } from "preact";
import type { ApiClient } from "../api/client.ts";
import { useAction } from "../api/use-action.ts";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Alone } from "./alone.tsx";

interface SecondStepProps {
  readonly api: ApiClient;
  readonly challenge: string;
  readonly onSignedIn: () => void;
  readonly onRestart: () => void;
}

/** Asks for the second factor of who has proved the first. */
export function SecondStep({ api, challenge, onSignedIn, onRestart }: SecondStepProps): JSX.Element {
  const action = useAction(
    (form: FormData) => api.signIn("/v1/auth/mfa/verify", { challenge_token: challenge, code: textOf(form, "code") }),
    onSignedIn,
  );
  return (
    <Alone title="Second step" lead="Your account asks for a code beside the password.">
      <Form action={action} submit="Sign in">
        <Field
          label="Code"
          name="code"
          required
          autocomplete="one-time-code"
          hint="Six digits of your authenticator, or a recovery code."
        />
      </Form>
      <p>
        <button type="button" class="plain link" onClick={onRestart}>
          Start again
        </button>
      </p>
    </Alone>
  );
}
