import type { CompanySettingsView } from "@aggregator/contracts/companies";
import type { JSX } from "preact";
import { useMay, useSignedIn } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatDay } from "../format/time.ts";
import { CloseCompany } from "../parts/close-company.tsx";
import { ExportCompany } from "../parts/export-company.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";
import { Facts } from "../ui/values.tsx";

const PATH = "/v1/company";

/** The company as a whole: its name, a copy of its data, its end. */
export function OwnCompanyPage(): JSX.Element {
  const company = useQuery<CompanySettingsView>(PATH);
  const mayRename = useMay("company:update");
  const mayExport = useMay("company:export");
  const mayClose = useMay("company:close");
  return (
    <Page title="Company" lead="What concerns all of its people.">
      <Section title="About">
        <Queried of={company}>
          {(settings) => (
            <>
              <Facts
                of={[
                  ["Name", <bdi>{settings.name}</bdi>],
                  ["E-mail", <bdi>{settings.email}</bdi>],
                  ["Id", <code>{settings.id}</code>],
                  ["Since", formatDay(settings.created_at)],
                ]}
              />
              {mayRename ? <Rename key={settings.revision} of={settings} onRenamed={company.reload} /> : null}
            </>
          )}
        </Queried>
      </Section>
      {mayExport ? <ExportCompany /> : null}
      {mayClose ? <CloseCompany /> : null}
    </Page>
  );
}

interface RenameProps {
  readonly of: CompanySettingsView;
  readonly onRenamed: () => void;
}

function Rename({ of: { name, revision }, onRenamed }: RenameProps): JSX.Element {
  const { api, onMeChanged } = useSignedIn();
  const action = useAction(
    (form: FormData) => api.call("PATCH", PATH, { name: textOf(form, "name") }, { ifMatch: revision }),
    () => {
      onRenamed();
      onMeChanged();
    },
  );
  return (
    <Form action={action} submit="Rename" inline>
      <Field label="New name" name="name" value={name} required autocomplete="organization" />
    </Form>
  );
}
