import type { JSX } from "preact";
import { useLinkToken } from "../api/link-token.ts";
import { useSignIn } from "../api/use-sign-in.ts";
import type { EntranceProps } from "../entrances.tsx";
import { Alone } from "../parts/alone.tsx";
import { IncompleteLink } from "../parts/incomplete-link.tsx";
import { SecondStep } from "../parts/second-step.tsx";
import { Field, Form } from "../ui/form.tsx";

/** Joins a company by a mail's link. */
export function InvitationPage({ api, onSignedIn }: EntranceProps): JSX.Element {
  const token = useLinkToken();
  const { action, challenge, restart } = useSignIn(api, onSignedIn);
  if (challenge !== null) return <SecondStep {...{ api, challenge, onSignedIn, onRestart: restart }} />;
  if (token === null) return <IncompleteLink />;
  const join = (form: FormData): void =>
    action.run({ path: "/v1/invitations/accept", body: { token, password: form.get("password") } });
  return (
    <Alone title="Join your company" lead="You were invited by mail, which proves your address.">
      <Form action={{ ...action, run: join }} submit="Join">
        <Field
          label="Password"
          name="password"
          type="password"
          required
          hint="The one that you have here, or a new one of at least 8 characters."
        />
      </Form>
    </Alone>
  );
}
