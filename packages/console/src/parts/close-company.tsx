import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { Section } from "../ui/page.tsx";

/** The end of a company, for an owner that gives its password again. */
export function CloseCompany(): JSX.Element {
  const { api, me, onSignedOut } = useSignedIn();
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction(
    (form: FormData) => api.call("POST", "/v1/company/close", { password: form.get("password") }),
    () => onSignedOut("The company is closed."),
  );
  const ask = (): void => {
    action.clear();
    setIsOpen(true);
  };
  return (
    <Section title="Close the company">
      <p class="faint">All its sessions, keys and invitations end at once. Download its data first.</p>
      <div class="actions">
        <button type="button" class="danger" onClick={ask}>
          Close the company
        </button>
      </div>
      {isOpen ? (
        <Dialog title="Close the company?" onClose={() => setIsOpen(false)}>
          <Form action={action} submit="Close for good" danger>
            <p>
              <bdi>{me.company.name}</bdi> is closed for all of its people, and its programs are refused on their next
              request. Only the platform's operators could open it again.
            </p>
            <Field label="Your password" name="password" type="password" required autocomplete="current-password" />
          </Form>
        </Dialog>
      ) : null}
    </Section>
  );
}
