import {
  COMPANY_NOTICE_KINDS,
  type WebhookView,
  type WebhookWithSecretView,
} from "@aggregator/contracts/notifications";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { Secret } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Check, Field, Form, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { List } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Ago, Badge } from "../ui/values.tsx";

/** Who is told by the platform, and of what. */
export function WebhooksPage(): JSX.Element {
  const webhooks = usePages<WebhookView>("/v1/webhooks");
  const mayManage = useMay("webhooks:manage");
  const [isCreating, setIsCreating] = useState(false);
  const create = (
    <button type="button" class="primary" onClick={() => setIsCreating(true)}>
      Add webhook
    </button>
  );
  return (
    <Page
      title="Webhooks"
      lead="Your program is told of what happens, signed as Standard Webhooks say."
      actions={mayManage && webhooks.items.length > 0 ? create : undefined}
    >
      <div class="card">
        <List
          label="Webhooks"
          pages={webhooks}
          columns={["Address", "State", "Events", "Last success"]}
          empty={<Empty title="No webhooks yet.">{mayManage ? create : undefined}</Empty>}
          row={(webhook) => (
            <tr key={webhook.id}>
              <td>
                <Link to={`/webhooks/${webhook.id}`}>
                  <bdi>{webhook.url}</bdi>
                </Link>
              </td>
              <td>
                <WebhookState of={webhook} />
              </td>
              <td>{webhook.events.map(formatName).join(", ")}</td>
              <td>
                <Ago iso={webhook.last_success_at} />
              </td>
            </tr>
          )}
        />
      </div>
      {isCreating ? <CreateDialog onClose={() => setIsCreating(false)} onCreated={webhooks.reload} /> : null}
    </Page>
  );
}

export function WebhookState({ of: webhook }: { readonly of: WebhookView }): JSX.Element {
  if (webhook.is_enabled) return <Badge tone="good">On</Badge>;
  return <Badge tone={webhook.disabled_reason === null ? "plain" : "bad"}>Off</Badge>;
}

interface CreateDialogProps {
  readonly onClose: () => void;
  readonly onCreated: () => void;
}

function CreateDialog({ onClose, onCreated }: CreateDialogProps): JSX.Element {
  const api = useApi();
  const [created, setCreated] = useState<WebhookWithSecretView | null>(null);
  const action = useAction(
    (form: FormData) =>
      api.call<WebhookWithSecretView>("POST", "/v1/webhooks", {
        url: textOf(form, "url"),
        events: form.getAll("events"),
        description: textOf(form, "description"),
      }),
    (webhook) => {
      setCreated(webhook);
      onCreated();
    },
  );
  if (created !== null) return <SigningSecret of={created} onClose={onClose} />;
  return (
    <Dialog title="Add a webhook" onClose={onClose}>
      <Form action={action} submit="Add webhook">
        <Field label="Address" name="url" type="url" required placeholder="https://example.com/hooks" />
        <Field label="Description" name="description" />
        <EventChecks chosen={COMPANY_NOTICE_KINDS} />
      </Form>
    </Dialog>
  );
}

/** Which events somebody is told of. */
export function EventChecks({ chosen }: { readonly chosen: readonly string[] }): JSX.Element {
  return (
    <fieldset class="checks">
      <legend>Events</legend>
      {COMPANY_NOTICE_KINDS.map((kind) => (
        <Check key={kind} label={formatName(kind)} name="events" value={kind} checked={chosen.includes(kind)} />
      ))}
    </fieldset>
  );
}

interface SigningSecretProps {
  readonly of: WebhookWithSecretView;
  readonly onClose: () => void;
}

/** What deliveries are signed with, once. */
export function SigningSecret({ of: { secret }, onClose }: SigningSecretProps): JSX.Element {
  return (
    <Dialog title="The signing secret" onClose={onClose} sticky>
      <Secret value={secret} warning="Copy it now: it is not shown again." />
      <button type="button" class="primary" onClick={onClose}>
        I have it
      </button>
    </Dialog>
  );
}
