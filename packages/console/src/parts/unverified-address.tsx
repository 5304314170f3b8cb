import type { JSX } from "preact";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { Form } from "../ui/form.tsx";

/** For somebody who did not follow the link that was mailed at registration, or lost it. */
export function UnverifiedAddress(): JSX.Element {
  const api = useApi();
  const action = useAction(
    (_form: FormData) => api.call("POST", "/v1/auth/verify-email/resend"),
    () => undefined,
  );
  return (
    <Form
      action={action}
      submit="Mail me a new link"
      done="A new link is on its way. It is good for a day; the one before is good no more."
    >
      <p>Your address is not verified: we mailed you a link when you registered.</p>
    </Form>
  );
}
