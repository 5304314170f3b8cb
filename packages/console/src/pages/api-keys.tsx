import type { ApiKeyView, CreatedApiKeyView } from "@aggregator/contracts/auth";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { limitsOf, LimitsFields } from "../parts/limits-fields.tsx";
import { Choice } from "../ui/choice.tsx";
import { Secret } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { List } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Ago, Badge, Money } from "../ui/values.tsx";

const SHOWN = [
  ["active", "Active"],
  ["all", "All"],
] as const;

/** The company's keys, and a way to a new one. */
export function ApiKeysPage(): JSX.Element {
  const [shown, setShown] = useState<"active" | "all">("active");
  const keys = usePages<ApiKeyView>(shown === "active" ? "/v1/api-keys?is_active=true" : "/v1/api-keys");
  const mayManage = useMay("api_keys:manage");
  const [isCreating, setIsCreating] = useState(false);
  const create = (
    <button type="button" class="primary" onClick={() => setIsCreating(true)}>
      Create key
    </button>
  );
  return (
    <Page
      title="API keys"
      lead="Programs call models with these. Give each program its own, with a budget."
      actions={
        <>
          <Choice label="Keys" options={SHOWN} value={shown} onChange={setShown} />
          {mayManage && keys.items.length > 0 ? create : null}
        </>
      }
    >
      <div class="card">
        <List
          label="API keys"
          pages={keys}
          columns={["Name", "Key", "State", "#Budget", "Last used", "Created"]}
          row={(key) => <KeyRow key={key.id} of={key} />}
          empty={
            <Empty title="No keys yet.">
              <p>A key is what a program sends as its bearer token.</p>
              {mayManage ? create : "Ask an owner or admin of your company to create one."}
            </Empty>
          }
        />
      </div>
      {isCreating ? <CreateDialog onClose={() => setIsCreating(false)} onCreated={keys.reload} /> : null}
    </Page>
  );
}

function KeyRow({ of: key }: { readonly of: ApiKeyView }): JSX.Element {
  return (
    <tr>
      <td>
        <Link to={`/keys/${key.id}`}>
          <bdi>{key.name}</bdi>
        </Link>
      </td>
      <td>
        <code>{key.prefix}</code>
      </td>
      <td>
        <KeyState of={key} />
      </td>
      <td class="number">
        {key.budget === null ? (
          <span class="faint">none</span>
        ) : (
          <>
            <Money nano={key.budget.amount_nano_usd} />{" "}
            <span class="faint">{key.budget.period === "lifetime" ? "in all" : `a ${key.budget.period}`}</span>
          </>
        )}
      </td>
      <td>
        <LastUse of={key} />
      </td>
      <td>
        <Ago iso={key.created_at} />
      </td>
    </tr>
  );
}

/** To the hour, as it is kept: never before the key was made. */
function LastUse({ of: key }: { readonly of: ApiKeyView }): JSX.Element {
  const { last_used_at: used, created_at: created } = key;
  return <Ago iso={used !== null && used < created ? created : used} />;
}

/** Whether a key works now. */
export function KeyState({ of: key }: { readonly of: ApiKeyView }): JSX.Element {
  if (!key.is_active) return <Badge tone="plain">Revoked</Badge>;
  if (key.expires_at !== null && Date.parse(key.expires_at) <= Date.now()) return <Badge tone="plain">Expired</Badge>;
  return <Badge tone="good">{key.type === "temporary" ? "Temporary" : "Active"}</Badge>;
}

interface CreateDialogProps {
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

function CreateDialog({ onClose, onCreated }: CreateDialogProps): JSX.Element {
  const api = useApi();
  const [created, setCreated] = useState<CreatedApiKeyView | null>(null);
  const action = useAction(
    (form: FormData) => {
      const expires = textOf(form, "expires");
      return api.call<CreatedApiKeyView>("POST", "/v1/api-keys", {
        name: textOf(form, "name"),
        ...limitsOf(form),
        ...(expires === "" ? {} : { expires_at: new Date(expires).toISOString() }),
      });
    },
    (key) => {
      setCreated(key);
      onCreated();
    },
  );
  if (created !== null) {
    return (
      <Dialog title="Your new key" onClose={onClose} sticky>
        <Secret value={created.key} warning="Copy it now: it is not shown again." />
        <button type="button" class="primary" onClick={onClose}>
          I have it
        </button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Create an API key" onClose={onClose}>
      <Form action={action} submit="Create key">
        <Field label="Name" name="name" required placeholder="production" />
        <details>
          <summary>Limits</summary>
          <div class="stack">
            <LimitsFields of={null} />
            <Field label="Expires" name="expires" type="datetime-local" hint="Empty: never." />
          </div>
        </details>
      </Form>
    </Dialog>
  );
}
