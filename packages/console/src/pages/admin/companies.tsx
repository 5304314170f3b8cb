import type { AdminCompanyView } from "@aggregator/contracts/companies";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { usePages } from "../../api/use-query.ts";
import { formatName } from "../../format/count.ts";
import { Field, Form, Select, textOf } from "../../ui/form.tsx";
import { Link } from "../../ui/link.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Ago, Badge } from "../../ui/values.tsx";

const STATES = [
  ["", "Any"],
  ["true", "Active"],
  ["false", "Not active"],
] as const;

/** All companies of the platform. */
export function CompaniesPage(): JSX.Element {
  const [search, setSearch] = useState("");
  const path = "/v1/admin/companies";
  const companies = usePages<AdminCompanyView>(search === "" ? path : `${path}?${search}`);
  const filter = (form: FormData): void => {
    const wanted = new URLSearchParams();
    for (const name of ["q", "is_active"]) if (textOf(form, name) !== "") wanted.set(name, textOf(form, name));
    setSearch(wanted.toString());
  };
  return (
    <Page title="Companies" lead="Who uses the platform.">
      <div class="card">
        <Form action={{ run: filter, isRunning: false, error: null }} submit="Search" inline>
          <Field label="Name, address or id" name="q" />
          <Select label="State" name="is_active" options={STATES} />
        </Form>
        <List
          label="Companies"
          pages={companies}
          columns={["Company", "E-mail", "State", "#Members", "Registered"]}
          empty={<Empty title="No company found." />}
          row={(company) => (
            <tr key={company.id}>
              <td>
                <Link to={`/admin/companies/${company.id}`}>
                  <bdi>{company.name}</bdi>
                </Link>
              </td>
              <td>
                <bdi>{company.email}</bdi>
              </td>
              <td>
                <CompanyState of={company} />
              </td>
              <td class="number">{company.members}</td>
              <td>
                <Ago iso={company.created_at} />
              </td>
            </tr>
          )}
        />
      </div>
    </Page>
  );
}

export function CompanyState({ of: company }: { readonly of: AdminCompanyView }): JSX.Element {
  if (company.is_active) return <Badge tone="good">Active</Badge>;
  return <Badge tone="bad">{formatName(company.inactive_reason ?? "not active")}</Badge>;
}
