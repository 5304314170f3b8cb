import type { StatementView } from "@aggregator/contracts/payments";
import type { JSX } from "preact";
import { useApi, useMe } from "../api/api-context.ts";
import { useDownload } from "../api/use-download.ts";
import { useQuery } from "../api/use-query.ts";
import { formatCount, formatName } from "../format/count.ts";
import { formatMonth } from "../format/time.ts";
import { Link } from "../ui/link.tsx";
import { Table } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Failure, Queried } from "../ui/states.tsx";
import { Figure, Money } from "../ui/values.tsx";

/** One month, to read and to print. */
export function StatementPage({ month }: { readonly month: string }): JSX.Element {
  const api = useApi();
  const { company } = useMe();
  const path = `/v1/billing/statements/${encodeURIComponent(month)}`;
  const statement = useQuery<StatementView>(path);
  const download = useDownload(api, `${path}?format=csv`, `statement-${month}.csv`);
  return (
    <Page
      title={`Statement of ${formatMonth(month)}`}
      lead={
        <>
          <bdi>{company.name}</bdi> · <Link to="/billing">Billing</Link>
        </>
      }
      actions={
        <>
          <button type="button" disabled={download.isRunning} onClick={() => download.run(undefined)}>
            Download CSV
          </button>
          <button type="button" class="primary" onClick={() => window.print()}>
            Print
          </button>
        </>
      }
    >
      {download.error === null ? null : <Failure error={download.error} />}
      <Queried of={statement}>{(view) => <Lines of={view} />}</Queried>
    </Page>
  );
}

function Lines({ of: statement }: { readonly of: StatementView }): JSX.Element {
  return (
    <>
      {statement.is_closed ? null : <p class="notice">The month runs: this is how it stands now.</p>}
      <dl class="figures">
        <Figure label="Opening">
          <Money nano={statement.opening_nano_usd} />
        </Figure>
        <Figure label="Credits">
          <Money nano={statement.credits_nano_usd} />
        </Figure>
        <Figure label="Charges">
          <Money nano={statement.charges_nano_usd} />
        </Figure>
        <Figure label="Closing">
          <Money nano={statement.closing_nano_usd} />
        </Figure>
      </dl>
      <Section title="Lines">
        <Table label="Lines" columns={["Kind", "Model", "Key", "#Entries", "#Amount"]}>
          {statement.lines.map((line) => (
            <tr key={`${line.kind} ${line.model ?? ""} ${line.key_id ?? ""}`}>
              <td>{formatName(line.kind)}</td>
              <td>{line.model ?? ""}</td>
              <td>
                <code>{line.key_id ?? ""}</code>
              </td>
              <td class="number">{formatCount(line.entries)}</td>
              <td class="number">
                <Money nano={line.amount_nano_usd} />
              </td>
            </tr>
          ))}
        </Table>
        <p class="small faint">Opening and lines add up to closing, to the nano-dollar. Months are UTC.</p>
      </Section>
    </>
  );
}
