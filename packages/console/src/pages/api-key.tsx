import type { ApiKeyView, CreatedApiKeyView } from "@aggregator/contracts/auth";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatTime } from "../format/time.ts";
import { limitsOf, LimitsFields } from "../parts/limits-fields.tsx";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Secret } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form, Select, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";
import { Facts } from "../ui/values.tsx";
import { KeyState } from "./api-keys.tsx";

/** One key: what it may do, and its end. */
export function ApiKeyPage({ id }: { readonly id: string }): JSX.Element {
  const key = useQuery<ApiKeyView>(`/v1/api-keys/${encodeURIComponent(id)}`);
  return <Queried of={key}>{(view) => <Details of={view} reload={key.reload} />}</Queried>;
}

interface DetailsProps {
  readonly of: ApiKeyView;
  readonly reload: () => void;
}

function Details({ of: key, reload }: DetailsProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("api_keys:manage") && key.is_active;
  return (
    <Page
      title={key.name}
      lead={<Link to="/keys">All API keys</Link>}
      actions={
        mayManage ? (
          <>
            <RotateButton id={key.id} onRotated={reload} />
            <ConfirmButton
              label="Revoke"
              title={`Revoke ${key.name}?`}
              perform={() => api.call("DELETE", `/v1/api-keys/${key.id}`)}
              onDone={reload}
            >
              Programs that use it are refused at once, everywhere. This cannot be taken back.
            </ConfirmButton>
          </>
        ) : undefined
      }
    >
      <Section title="Key">
        <Facts
          of={[
            ["State", <KeyState of={key} />],
            ["Key", <code>{key.prefix}</code>],
            ["Created", formatTime(key.created_at)],
            ["Last used", key.last_used_at === null ? "never" : formatTime(key.last_used_at)],
            ["Expires", key.expires_at === null ? "never" : formatTime(key.expires_at)],
            ...(key.previous_secret_expires_at === null
              ? []
              : [["Old secret works until", formatTime(key.previous_secret_expires_at)] as const]),
            ["May", key.scopes.join(", ")],
            ["Requests", <Link to={`/requests?key=${encodeURIComponent(key.id)}`}>Show its requests</Link>],
          ]}
        />
      </Section>
      {mayManage ? <Limits of={key} reload={reload} /> : null}
    </Page>
  );
}

function Limits({ of: key, reload }: DetailsProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => api.call("PATCH", `/v1/api-keys/${key.id}`, { name: textOf(form, "name"), ...limitsOf(form) }),
    reload,
  );
  return (
    <Section title="Name and limits">
      <Form key={key.revision} action={action} submit="Save" done="Saved.">
        <Field label="Name" name="name" required value={key.name} />
        <LimitsFields of={key} />
      </Form>
    </Section>
  );
}

const GRACE = [
  ["86400", "for a day"],
  ["3600", "for an hour"],
  ["604800", "for a week"],
  ["60", "for a minute"],
] as const;

function RotateButton({ id, onRotated }: { readonly id: string; readonly onRotated: () => void }): JSX.Element {
  const api = useApi();
  const [state, setState] = useState<"closed" | "open" | CreatedApiKeyView>("closed");
  const action = useAction(
    (form: FormData) =>
      api.call<CreatedApiKeyView>("POST", `/v1/api-keys/${id}/rotate`, {
        grace_seconds: Number(textOf(form, "grace")),
      }),
    setState,
  );
  const close = (): void => {
    setState("closed");
    if (typeof state === "object") onRotated();
  };
  return (
    <>
      <button type="button" onClick={() => setState("open")}>
        Rotate
      </button>
      {state === "open" ? (
        <Dialog title="Rotate the key" onClose={close}>
          <Form action={action} submit="Make a new secret">
            <p>The key keeps its name, limits and log. Put the new secret into your program while the old one works.</p>
            <Select label="The old secret goes on working" name="grace" options={GRACE} />
          </Form>
        </Dialog>
      ) : null}
      {typeof state === "object" ? (
        <Dialog title="The new secret" onClose={close} sticky>
          <Secret value={state.key} warning="Copy it now: it is not shown again." />
          <button type="button" class="primary" onClick={close}>
            I have it
          </button>
        </Dialog>
      ) : null}
    </>
  );
}
