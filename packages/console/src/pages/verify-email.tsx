import type { JSX } from "preact";
import { useLinkToken } from "../api/link-token.ts";
import { useAction } from "../api/use-action.ts";
import type { EntranceProps } from "../entrances.tsx";
import { Alone } from "../parts/alone.tsx";
import { IncompleteLink } from "../parts/incomplete-link.tsx";
import { Form } from "../ui/form.tsx";

/** Verifies an address by a mail's link: by a button, since scanners of mail open every link. */
export function VerifyEmail({ api }: EntranceProps): JSX.Element {
  const token = useLinkToken();
  const action = useAction(
    (_form: FormData) => api.ask("/v1/auth/verify-email", { token }),
    () => undefined,
  );
  if (token === null) return <IncompleteLink />;
  if (action.isDone) {
    return (
      <Alone title="Your address is verified">
        {/* Loaded anew: the page then knows the address as verified. */}
        <a href="/console">Go to the console</a>
      </Alone>
    );
  }
  return (
    <Alone title="Verify your address" lead="So that we can reach you, and nobody else can use your address.">
      <Form action={action} submit="Verify my address">
        {null}
      </Form>
    </Alone>
  );
}
