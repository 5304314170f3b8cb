import type { BalanceView, TransactionView } from "@aggregator/contracts/billing";
import type { StatementView } from "@aggregator/contracts/payments";
import type { JSX } from "preact";
import { useMay } from "../api/api-context.ts";
import { usePages, useQuery } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { formatMonth } from "../format/time.ts";
import { Budgets } from "../parts/budgets.tsx";
import { LowBalanceAlert } from "../parts/low-balance-alert.tsx";
import { Payments } from "../parts/payments.tsx";
import { Plan } from "../parts/plan.tsx";
import { useLocation } from "../router.ts";
import { Link } from "../ui/link.tsx";
import { List } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Empty, Queried } from "../ui/states.tsx";
import { Ago, Figure, Money } from "../ui/values.tsx";

/** The company's money: what there is, what bounds it, what came and went. */
export function BillingPage(): JSX.Element {
  const { query } = useLocation();
  const mayManage = useMay("billing:manage");
  const balance = useQuery<BalanceView>("/v1/billing/balance");
  return (
    <Page title="Billing" lead="Prepaid: requests stop when the balance is used, and never take more than there is.">
      {query.has("payment") ? (
        <p class="notice" role="status">
          {query.has("canceled")
            ? "The payment was cancelled; nothing was charged."
            : "Thank you. The balance grows as soon as the payment is confirmed, mostly within seconds."}
        </p>
      ) : null}
      <Queried of={balance}>
        {(view) => (
          <dl class="figures">
            <Figure label="Available">
              <Money nano={view.available_nano_usd} />
            </Figure>
            <Figure label="Held">
              <Money nano={view.held_nano_usd} />
            </Figure>
            <Figure label="Posted">
              <Money nano={view.posted_nano_usd} />
            </Figure>
          </dl>
        )}
      </Queried>
      <Payments />
      <Budgets />
      {mayManage ? <LowBalanceAlert /> : null}
      <Plan />
      <Statements />
      <Transactions />
    </Page>
  );
}

function Statements(): JSX.Element {
  return (
    <Section title="Statements">
      <List
        label="Statements"
        pages={usePages<StatementView>("/v1/billing/statements")}
        columns={["Month", "#Opening", "#Credits", "#Charges", "#Closing"]}
        empty={<Empty title="No statements yet.">The first one begins with the first movement of money.</Empty>}
        row={(statement) => (
          <tr key={statement.month}>
            <td>
              <Link to={`/billing/statements/${statement.month}`}>{formatMonth(statement.month)}</Link>{" "}
              {statement.is_closed ? null : <span class="faint">so far</span>}
            </td>
            <td class="number">
              <Money nano={statement.opening_nano_usd} />
            </td>
            <td class="number">
              <Money nano={statement.credits_nano_usd} />
            </td>
            <td class="number">
              <Money nano={statement.charges_nano_usd} />
            </td>
            <td class="number">
              <Money nano={statement.closing_nano_usd} />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}

function Transactions(): JSX.Element {
  return (
    <Section title="Transactions">
      <List
        label="Transactions"
        pages={usePages<TransactionView>("/v1/billing/transactions")}
        columns={["When", "Kind", "What for", "#Amount", "#Balance after"]}
        empty={<Empty title="No money has moved yet." />}
        row={(entry) => (
          <tr key={entry.id}>
            <td>
              <Ago iso={entry.created_at} />
            </td>
            <td>{formatName(entry.kind)}</td>
            <td>
              {entry.request_id === null ? (
                <bdi>{entry.description}</bdi>
              ) : (
                <Link to={`/requests/${entry.request_id}`}>{entry.description}</Link>
              )}
            </td>
            <td class="number">
              <Money nano={entry.amount_nano_usd} />
            </td>
            <td class="number">
              <Money nano={entry.balance_after_nano_usd} />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}
