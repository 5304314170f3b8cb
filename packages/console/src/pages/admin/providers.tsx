import type { ProviderView } from "@aggregator/contracts/orchestrator";
import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi } from "../../api/api-context.ts";
import { useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Check, Field, Form, Select, textOf } from "../../ui/form.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Badge } from "../../ui/values.tsx";

const PATH = "/v1/admin/providers";

/** Who serves the requests. */
export function ProvidersPage(): JSX.Element {
  const providers = usePages<ProviderView>(PATH);
  const [edited, setEdited] = useState<ProviderView | "new" | null>(null);
  return (
    <Page
      title="Providers"
      lead="Who serves the requests of all companies."
      actions={
        <button type="button" class="primary" onClick={() => setEdited("new")}>
          Add provider
        </button>
      }
    >
      <div class="card">
        <List
          label="Providers"
          pages={providers}
          columns={["Provider", "Kind", "Address", "State", "#Priority", ""]}
          empty={<Empty title="No providers yet." />}
          row={(provider) => (
            <ProviderRow
              key={provider.slug}
              of={provider}
              onEdit={() => setEdited(provider)}
              onChanged={providers.reload}
            />
          )}
        />
      </div>
      {edited === null ? null : (
        <ProviderDialog
          of={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={providers.reload}
        />
      )}
    </Page>
  );
}

interface ProviderRowProps {
  readonly of: ProviderView;
  readonly onEdit: () => void;
  readonly onChanged: () => void;
}

function ProviderRow({ of: provider, onEdit, onChanged }: ProviderRowProps): JSX.Element {
  const api = useApi();
  return (
    <tr>
      <td>{provider.slug}</td>
      <td>{provider.kind}</td>
      <td>
        <code>{provider.base_url}</code>
      </td>
      <td>
        <Badge tone={provider.enabled ? "good" : "plain"}>{provider.enabled ? "On" : "Off"}</Badge>{" "}
        {provider.has_credential ? null : <Badge tone="warn">No key</Badge>}
      </td>
      <td class="number">{provider.priority}</td>
      <td class="number">
        <div class="actions end">
          <button type="button" onClick={onEdit}>
            Change
          </button>
          <ConfirmButton
            label="Remove"
            title={`Remove ${provider.slug}?`}
            perform={() => api.call("DELETE", `${PATH}/${encodeURIComponent(provider.slug)}`)}
            onDone={onChanged}
          >
            Its endpoints serve nothing more. Receipts keep its name.
          </ConfirmButton>
        </div>
      </td>
    </tr>
  );
}

interface ProviderDialogProps {
  /** null: a new one. */
  readonly of: ProviderView | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function ProviderDialog({ of: provider, onClose, onSaved }: ProviderDialogProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => {
      const input = inputOf(form);
      return provider === null
        ? api.call("POST", PATH, { slug: textOf(form, "slug"), ...input })
        : api.call("PATCH", `${PATH}/${encodeURIComponent(provider.slug)}`, input);
    },
    () => {
      onClose();
      onSaved();
    },
  );
  return (
    <Dialog title={provider === null ? "Add a provider" : `Change ${provider.slug}`} onClose={onClose}>
      <Form action={action} submit="Save">
        {provider === null ? <Field label="Short name" name="slug" required placeholder="openai" /> : null}
        <Select label="Kind" name="kind" options={KINDS} value={provider?.kind ?? "openai"} />
        <Field
          label="Address"
          name="base_url"
          type="url"
          required
          value={provider?.base_url ?? ""}
          hint="As the vendor's own client takes it."
        />
        <Field
          label="Key"
          name="api_key"
          type="password"
          autocomplete="off"
          hint={provider?.has_credential === true ? "Empty: the key that is there stays." : "Kept encrypted."}
        />
        <div class="columns">
          <Field label="Priority" name="priority" inputMode="numeric" value={String(provider?.priority ?? "")} />
          <Select
            label="When a client leaves"
            name="on_disconnect"
            options={ON_DISCONNECT}
            value={provider?.on_disconnect ?? ""}
          />
        </div>
        <Check label="Serves requests" name="enabled" checked={provider?.enabled ?? true} />
        <Check label="Keeps prompts or trains on them" name="collects_data" checked={provider?.collects_data ?? true} />
      </Form>
    </Dialog>
  );
}

const KINDS = PROVIDER_KINDS.map((kind) => [kind, kind] as const);
const ON_DISCONNECT = [
  ["", "As is usual for the vendor"],
  ["stop", "Stop"],
  ["drain", "Read to the end"],
] as const;

/** What is empty is left out, and stays as it is. */
function inputOf(form: FormData): Readonly<Record<string, unknown>> {
  const texts = ["api_key", "on_disconnect"].map((name) => [name, textOf(form, name)] as const);
  const priority = textOf(form, "priority");
  return {
    kind: textOf(form, "kind"),
    base_url: textOf(form, "base_url"),
    ...Object.fromEntries(texts.filter(([, text]) => text !== "")),
    ...(priority === "" ? {} : { priority: Number(priority) }),
    enabled: form.has("enabled"),
    collects_data: form.has("collects_data"),
  };
}
