import type { ProviderView } from "@aggregator/contracts/orchestrator";
import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import type { JSX } from "preact";
import type { ApiResult } from "../../api/answer.ts";
import { type Editable, EditableListPage } from "../../parts/editable-list.tsx";
import { Check, Field, Select, textOf } from "../../ui/form.tsx";
import { Badge } from "../../ui/values.tsx";

const PROVIDERS: Editable<ProviderView> = {
  path: "/v1/admin/providers",
  noun: "provider",
  nameOf: ({ slug }) => slug,
  nameField: { label: "Short name", name: "slug", placeholder: "openai" },
  fields: (provider) => <ProviderFields of={provider} />,
  inputOf,
  removal: "Its endpoints serve nothing more. Receipts keep its name.",
};

/** Who serves the requests. */
export function ProvidersPage(): JSX.Element {
  return (
    <EditableListPage
      of={PROVIDERS}
      title="Providers"
      lead="Who serves the requests of all companies."
      columns={["Provider", "Kind", "Address", "State", "#Priority"]}
      cells={(provider) => (
        <>
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
        </>
      )}
    />
  );
}

function ProviderFields({ of: provider }: { readonly of: ProviderView | null }): JSX.Element {
  return (
    <>
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
    </>
  );
}

const KINDS = PROVIDER_KINDS.map((kind) => [kind, kind] as const);
const ON_DISCONNECT = [
  ["", "As is usual for the vendor"],
  ["stop", "Stop"],
  ["drain", "Read to the end"],
] as const;

/** What is empty is left out, and stays as it is. */
function inputOf(form: FormData): ApiResult<Readonly<Record<string, unknown>>> {
  const texts = ["api_key", "on_disconnect"].map((name) => [name, textOf(form, name)] as const);
  const priority = textOf(form, "priority");
  const value = {
    kind: textOf(form, "kind"),
    base_url: textOf(form, "base_url"),
    ...Object.fromEntries(texts.filter(([, text]) => text !== "")),
    ...(priority === "" ? {} : { priority: Number(priority) }),
    enabled: form.has("enabled"),
    collects_data: form.has("collects_data"),
  };
  return { ok: true, value };
}
