import type { AdminCompanyView } from "@aggregator/contracts/companies";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi } from "../../api/api-context.ts";
import { useAction } from "../../api/use-action.ts";
import { useQuery } from "../../api/use-query.ts";
import { parseUsd } from "../../format/money.ts";
import { formatTime } from "../../format/time.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form, textOf } from "../../ui/form.tsx";
import { Link } from "../../ui/link.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Queried } from "../../ui/states.tsx";
import { Facts } from "../../ui/values.tsx";
import { CompanyState } from "./companies.tsx";

/** One company, for operators. */
export function CompanyPage({ id }: { readonly id: string }): JSX.Element {
  const company = useQuery<AdminCompanyView>(`/v1/admin/companies/${encodeURIComponent(id)}`);
  return <Queried of={company}>{(view) => <Details of={view} reload={company.reload} />}</Queried>;
}

interface DetailsProps {
  readonly of: AdminCompanyView;
  readonly reload: () => void;
}

function Details({ of: company, reload }: DetailsProps): JSX.Element {
  const mayReactivate = !company.is_active && company.inactive_reason !== "erased";
  return (
    <Page
      title={company.name}
      lead={<Link to="/admin/companies">All companies</Link>}
      actions={
        <>
          {company.is_active ? (
            <StateButton of={company} verb="suspend" label="Suspend" reload={reload}>
              All its sessions and keys are refused from their next request on.
            </StateButton>
          ) : null}
          {mayReactivate ? (
            <StateButton of={company} verb="reactivate" label="Reactivate" reload={reload}>
              Keys and sessions that ended stay ended.
            </StateButton>
          ) : null}
        </>
      }
    >
      <Section title="Company">
        <Facts
          of={[
            ["State", <CompanyState of={company} />],
            ["Id", <code>{company.id}</code>],
            ["E-mail", <bdi>{company.email}</bdi>],
            ["Address verified", company.is_verified ? "yes" : "no"],
            ["Members", String(company.members)],
            ["Registered", formatTime(company.created_at)],
          ]}
        />
      </Section>
      <GrantCredit id={company.id} />
    </Page>
  );
}

interface StateButtonProps extends DetailsProps {
  readonly verb: "suspend" | "reactivate";
  readonly label: string;
  readonly children: string;
}

function StateButton({ of: company, verb, label, reload, children }: StateButtonProps): JSX.Element {
  const api = useApi();
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction(
    (form: FormData) =>
      api.call("POST", `/v1/admin/companies/${company.id}/${verb}`, { reason: textOf(form, "reason") }),
    () => {
      setIsOpen(false);
      reload();
    },
  );
  return (
    <>
      <button type="button" class={verb === "suspend" ? "danger" : undefined} onClick={() => setIsOpen(true)}>
        {label}
      </button>
      {isOpen ? (
        <Dialog title={`${label} ${company.name}?`} onClose={() => setIsOpen(false)}>
          <Form action={action} submit={label} danger={verb === "suspend"}>
            <p>{children}</p>
            <Field label="Reason" name="reason" required hint="Kept in the company's audit log." />
          </Form>
        </Dialog>
      ) : null}
    </>
  );
}

function GrantCredit({ id }: { readonly id: string }): JSX.Element {
  const api = useApi();
  // Stays until the credit is granted, so that asking again after a lost answer grants it once.
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const action = useAction(
    (form: FormData) => {
      const amount = textOf(form, "amount");
      const input = { amount_nano_usd: parseUsd(amount) ?? amount, reason: textOf(form, "reason") };
      return api.call("POST", `/v1/admin/billing/companies/${id}/credits`, input, { idempotencyKey });
    },
    () => setIdempotencyKey(crypto.randomUUID()),
  );
  return (
    <Section title="Grant credit">
      <Form key={idempotencyKey} action={action} submit="Grant" done="Granted.">
        <div class="columns">
          <Field label="Amount in USD" name="amount" inputMode="decimal" required placeholder="25.00" />
          <Field label="Reason" name="reason" required placeholder="Invoice 2026-118" />
        </div>
      </Form>
    </Section>
  );
}
