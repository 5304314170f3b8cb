import type { ProviderCredentialView } from "@aggregator/contracts/company-routing";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Check, Field, Form, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Ago } from "../ui/values.tsx";

const PATH = "/v1/provider-credentials";

/** The company's own keys for providers: the provider then charges the company itself. */
export function ProviderCredentials(): JSX.Element {
  const api = useApi();
  const mayManage = useMay("provider_credentials:manage");
  const credentials = usePages<ProviderCredentialView>(PATH);
  const [isAdding, setIsAdding] = useState(false);
  const add = (
    <button type="button" onClick={() => setIsAdding(true)}>
      Add your own key
    </button>
  );
  return (
    <Section title="Your own provider keys" actions={mayManage ? add : undefined}>
      <List
        label="Your own provider keys"
        pages={credentials}
        columns={["Provider", "Name", "Key", "Taken by the provider", "Changed", ""]}
        empty={<Empty title="No keys of your own.">With one the provider charges you itself, by your contract.</Empty>}
        row={(credential) => (
          <tr key={credential.id}>
            <td>{credential.provider}</td>
            <td>
              <bdi>{credential.name}</bdi>
            </td>
            <td>
              <code>…{credential.hint}</code>
            </td>
            <td>
              {credential.verified_at === null ? (
                <span class="faint">not asked</span>
              ) : (
                <Ago iso={credential.verified_at} />
              )}
            </td>
            <td>
              <Ago iso={credential.updated_at} />
            </td>
            <td class="number">
              {mayManage ? (
                <ConfirmButton
                  label="Remove"
                  title="Remove this key?"
                  perform={() => api.call("DELETE", `${PATH}/${credential.id}`)}
                  onDone={credentials.reload}
                >
                  Requests to {credential.provider} then go by the platform's own key, and you pay the platform.
                </ConfirmButton>
              ) : null}
            </td>
          </tr>
        )}
      />
      {isAdding ? <AddDialog onClose={() => setIsAdding(false)} onAdded={credentials.reload} /> : null}
    </Section>
  );
}

interface AddDialogProps {
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

function AddDialog({ onClose, onAdded }: AddDialogProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => {
      const name = textOf(form, "name");
      return api.call("POST", PATH, {
        provider: textOf(form, "provider"),
        api_key: textOf(form, "api_key"),
        ...(name === "" ? {} : { name }),
        verify: form.has("verify"),
      });
    },
    () => {
      onClose();
      onAdded();
    },
  );
  return (
    <Dialog title="Add your own key" onClose={onClose}>
      <Form action={action} submit="Save">
        <Field label="Provider" name="provider" required placeholder="openai" />
        <Field
          label="Key"
          name="api_key"
          type="password"
          required
          autocomplete="off"
          hint="Kept encrypted, and never shown again."
        />
        <Field label="Name" name="name" />
        <Check label="Ask the provider first whether it takes the key" name="verify" checked />
      </Form>
    </Dialog>
  );
}
