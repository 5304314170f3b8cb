import type { ProviderPreferencesView } from "@aggregator/contracts/company-routing";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import type { JSX } from "preact";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { preferencesOf } from "../format/preferences.ts";
import { ProviderCredentials } from "../parts/provider-credentials.tsx";
import { Check, Field, Form, Select } from "../ui/form.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";

const PATH = "/v1/provider-preferences";

const SORTS = [
  ["", "As the platform sorts"],
  ["price", "The cheapest first"],
  ["latency", "The fastest first token first"],
  ["throughput", "The most tokens per second first"],
] as const;

const COLLECTION = [
  ["", "Not asked"],
  ["allow", "Providers may keep prompts"],
  ["deny", "Only providers that do not keep prompts"],
] as const;

/** How the company wants providers chosen, and its own keys for them. */
export function RoutingPage(): JSX.Element {
  const preferences = useQuery<ProviderPreferencesView>(PATH);
  return (
    <Page title="Routing" lead="Which providers serve your requests, for all your keys.">
      <Section title="Preferences">
        <Queried of={preferences}>
          {(view) => <Preferences key={view.revision} of={view} reload={preferences.reload} />}
        </Queried>
      </Section>
      {useMay("provider_credentials:read") ? <ProviderCredentials /> : null}
    </Page>
  );
}

interface PreferencesProps {
  readonly of: ProviderPreferencesView;
  readonly reload: () => void;
}

function Preferences({ of: { preferences, revision }, reload }: PreferencesProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("provider_preferences:manage");
  const action = useAction(
    (form: FormData) => api.call("PUT", PATH, preferencesOf(form), { ifMatch: revision }),
    reload,
  );
  if (!mayManage) {
    return (
      <div class="code">
        <pre>{JSON.stringify(preferences, null, 2)}</pre>
      </div>
    );
  }
  return (
    <Form action={action} submit="Save" done="Saved.">
      <PreferencesFields of={preferences} />
    </Form>
  );
}

function PreferencesFields({ of: preferences }: { readonly of: ProviderPreferences }): JSX.Element {
  const slugs = (name: "order" | "only" | "ignore"): string => (preferences[name] ?? []).join(", ");
  const price = (name: "prompt" | "completion" | "request"): string => String(preferences.max_price?.[name] ?? "");
  return (
    <>
      <div class="columns">
        <Field label="Try first, in this order" name="order" value={slugs("order")} placeholder="openai, azure" />
        <Field label="Use only" name="only" value={slugs("only")} placeholder="Any provider" />
        <Field label="Never use" name="ignore" value={slugs("ignore")} placeholder="None" />
      </div>
      <div class="columns">
        <Select label="Then" name="sort" options={SORTS} value={preferences.sort ?? ""} />
        <Select
          label="Data collection"
          name="data_collection"
          options={COLLECTION}
          value={preferences.data_collection ?? ""}
        />
      </div>
      <div class="columns">
        <Field label="Highest price of input" name="prompt" inputMode="decimal" value={price("prompt")} />
        <Field label="Highest price of output" name="completion" inputMode="decimal" value={price("completion")} />
        <Field label="Highest price of a request" name="request" inputMode="decimal" value={price("request")} />
      </div>
      <p class="hint">Providers by their short names. Prices in USD per million tokens, and per request. Empty: any.</p>
      <Check
        label="Try another provider when one fails"
        name="allow_fallbacks"
        checked={preferences.allow_fallbacks ?? true}
      />
    </>
  );
}
