import type { WebhookDeliveryView, WebhookView, WebhookWithSecretView } from "@aggregator/contracts/notifications";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages, useQuery } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { navigate } from "../router.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Check, Field, Form, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { List } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Empty, Failure, Queried } from "../ui/states.tsx";
import { Ago, Badge } from "../ui/values.tsx";
import { EventChecks, SigningSecret, WebhookState } from "./webhooks.tsx";

/** One webhook and what was delivered to it. */
export function WebhookPage({ id }: { readonly id: string }): JSX.Element {
  const webhook = useQuery<WebhookView>(`/v1/webhooks/${encodeURIComponent(id)}`);
  return <Queried of={webhook}>{(view) => <Details of={view} reload={webhook.reload} />}</Queried>;
}

interface DetailsProps {
  readonly of: WebhookView;
  readonly reload: () => void;
}

function Details({ of: webhook, reload }: DetailsProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("webhooks:manage");
  const path = `/v1/webhooks/${webhook.id}`;
  const deliveries = usePages<WebhookDeliveryView>(`${path}/deliveries`);
  const [rotated, setRotated] = useState<WebhookWithSecretView | null>(null);
  const rotate = useAction(() => api.call<WebhookWithSecretView>("POST", `${path}/rotate-secret`), setRotated);
  const test = useAction(() => api.call("POST", `${path}/test`), deliveries.reload);
  const failure = rotate.error ?? test.error;
  const actions = (
    <>
      <button type="button" disabled={test.isRunning} onClick={() => test.run(undefined)}>
        Send a test
      </button>
      <button type="button" disabled={rotate.isRunning} onClick={() => rotate.run(undefined)}>
        New secret
      </button>
      <ConfirmButton
        label="Remove"
        title="Remove this webhook?"
        perform={() => api.call("DELETE", path)}
        onDone={() => navigate("/webhooks", { replace: true })}
      >
        Nothing more is delivered to it.
      </ConfirmButton>
    </>
  );
  return (
    <Page
      title={webhook.url}
      lead={
        <>
          <WebhookState of={webhook} /> {webhook.disabled_reason ?? ""} <Link to="/webhooks">All webhooks</Link>
        </>
      }
      actions={mayManage ? actions : undefined}
    >
      {failure === null ? null : <Failure error={failure} />}
      {mayManage ? <Change of={webhook} reload={reload} /> : null}
      <Section title="Deliveries">
        <List
          label="Deliveries"
          pages={deliveries}
          columns={["When", "Event", "State", "#Attempts", "Last answer", ""]}
          empty={<Empty title="Nothing was delivered yet." />}
          row={(delivery) => <DeliveryRow key={delivery.id} of={delivery} path={path} reload={deliveries.reload} />}
        />
      </Section>
      {rotated === null ? null : <SigningSecret of={rotated} onClose={() => setRotated(null)} />}
    </Page>
  );
}

function Change({ of: webhook, reload }: DetailsProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) =>
      api.call("PATCH", `/v1/webhooks/${webhook.id}`, {
        url: textOf(form, "url"),
        description: textOf(form, "description"),
        events: form.getAll("events"),
        is_enabled: form.has("is_enabled"),
      }),
    reload,
  );
  return (
    <Section title="Address and events">
      <Form action={action} submit="Save" done="Saved.">
        <Field label="Address" name="url" type="url" required value={webhook.url} />
        <Field label="Description" name="description" value={webhook.description} />
        <EventChecks chosen={webhook.events} />
        <Check label="Deliver to it" name="is_enabled" checked={webhook.is_enabled} />
      </Form>
    </Section>
  );
}

const TONES = { pending: "warn", delivered: "good", failed: "bad" } as const;

interface DeliveryProps {
  readonly of: WebhookDeliveryView;
  readonly path: string;
  readonly reload: () => void;
}

function DeliveryRow({ of: delivery, path, reload }: DeliveryProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("webhooks:manage");
  const replay = useAction(() => api.call("POST", `${path}/deliveries/${delivery.id}/replay`), reload);
  return (
    <tr>
      <td>
        <Ago iso={delivery.created_at} />
      </td>
      <td>{formatName(delivery.event)}</td>
      <td>
        <Badge tone={TONES[delivery.state]}>{formatName(delivery.state)}</Badge>
      </td>
      <td class="number">{delivery.attempts}</td>
      <td>{delivery.last_error ?? delivery.last_status ?? ""}</td>
      <td class="number">
        {replay.error === null ? null : <Failure error={replay.error} />}
        {mayManage && delivery.state !== "pending" ? (
          <button type="button" disabled={replay.isRunning} onClick={() => replay.run(undefined)}>
            Deliver again
          </button>
        ) : null}
      </td>
    </tr>
  );
}
