import type { NotificationPreferencesView, NotificationPreferenceView } from "@aggregator/contracts/notifications";
import type { JSX } from "preact";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { Check, Form } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";

const PATH = "/v1/notifications/preferences";

/** What somebody hears of by e-mail about the company. */
export function NotificationsPage(): JSX.Element {
  const preferences = useQuery<NotificationPreferencesView>(PATH);
  return (
    <Page
      title="Notifications"
      lead={
        <>
          What we mail you about this company. Programs are told by <Link to="/webhooks">webhooks</Link>.
        </>
      }
    >
      <Section title="By e-mail">
        <Queried of={preferences}>{({ data }) => <Preferences of={data} onSaved={preferences.reload} />}</Queried>
      </Section>
    </Page>
  );
}

interface PreferencesProps {
  readonly of: readonly NotificationPreferenceView[];
  readonly onSaved: () => void;
}

function Preferences({ of: preferences, onSaved }: PreferencesProps): JSX.Element {
  const api = useApi();
  const action = useAction((form: FormData) => api.call("PATCH", PATH, changesOf(form, preferences)), onSaved);
  return (
    <Form action={action} submit="Save" done="Saved.">
      <fieldset class="checks">
        <legend>Mail me about</legend>
        {preferences.map(({ kind, email }) => (
          <Check key={kind} label={formatName(kind)} name={kind} checked={email} />
        ))}
      </fieldset>
    </Form>
  );
}

/** Only what differs: the rest goes on following the person's role. */
function changesOf(
  form: FormData,
  preferences: readonly NotificationPreferenceView[],
): Readonly<Record<string, { readonly email: boolean }>> {
  const changed = preferences.filter(({ kind, email }) => form.has(kind) !== email);
  return Object.fromEntries(changed.map(({ kind }) => [kind, { email: form.has(kind) }]));
}
