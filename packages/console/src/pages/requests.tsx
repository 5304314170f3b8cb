import type { ApiKeyView } from "@aggregator/contracts/auth";
import type { RequestView } from "@aggregator/contracts/billing";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageBody } from "../api/answer.ts";
import { useMay } from "../api/api-context.ts";
import { useQuery, usePages } from "../api/use-query.ts";
import { useTail } from "../api/use-tail.ts";
import { formatCount } from "../format/count.ts";
import { requestState, tokensOf } from "../format/request.ts";
import { formatMs } from "../format/time.ts";
import { navigate, useLocation } from "../router.ts";
import { Field, Form, Select, textOf } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { List, Table } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty, Failure } from "../ui/states.tsx";
import { Ago, Badge, Money } from "../ui/values.tsx";

const COLUMNS = ["When", "Status", "Model", "Provider", "#Tokens", "#Latency", "#Cost"];
const FILTERS = ["status", "model", "provider", "key", "from", "to"] as const;

const STATUSES = [
  ["", "Any status"],
  ["2xx", "Succeeded"],
  ["429", "Rate limited (429)"],
  ["4xx", "Refused (4xx)"],
  ["5xx", "Failed (5xx)"],
] as const;

/** The log of the company's requests; the filters are in the address, so that a search can be sent to somebody. */
export function RequestsPage(): JSX.Element {
  const { query } = useLocation();
  const [isLive, setIsLive] = useState(false);
  const asked = new URLSearchParams();
  for (const name of FILTERS) {
    const value = query.get(name);
    if (value === null || value === "") continue;
    asked.set(name, name === "from" || name === "to" ? boundary(value, name) : value);
  }
  const search = asked.toString();
  return (
    <Page
      title="Requests"
      lead="Each request with its route, its usage and its price."
      actions={
        <button type="button" aria-pressed={isLive} onClick={() => setIsLive(!isLive)}>
          {isLive ? "Stop watching" : "Watch live"}
        </button>
      }
    >
      {isLive ? <Live /> : null}
      <div class="card">
        <Filters key={search} of={query} />
        <Log key={`list ${search}`} search={search} />
      </div>
    </Page>
  );
}

/** Where a day begins, or the last of them ends, in the reader's zone. */
function boundary(day: string, name: "from" | "to"): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, name === "from" ? date : date + 1).toISOString();
}

function Filters({ of: query }: { readonly of: URLSearchParams }): JSX.Element {
  const mayReadKeys = useMay("api_keys:read");
  const action = {
    run: (form: FormData) => {
      const next = new URLSearchParams();
      for (const name of FILTERS) if (textOf(form, name) !== "") next.set(name, textOf(form, name));
      const search = next.toString();
      navigate(search === "" ? "/requests" : `/requests?${search}`);
    },
    isRunning: false,
    error: null,
  };
  const given = (name: (typeof FILTERS)[number]): string => query.get(name) ?? "";
  return (
    <Form action={action} submit="Search" inline>
      <Select label="Status" name="status" options={STATUSES} value={given("status")} />
      <Field label="Model" name="model" placeholder="Any" value={given("model")} />
      <Field label="Provider" name="provider" placeholder="Any" value={given("provider")} />
      {mayReadKeys ? <KeySelect value={given("key")} /> : null}
      <Field label="From" name="from" type="date" value={given("from")} />
      <Field label="To" name="to" type="date" value={given("to")} />
    </Form>
  );
}

function KeySelect({ value }: { readonly value: string }): JSX.Element {
  const { query } = useQuery<PageBody<ApiKeyView>>("/v1/api-keys?limit=100");
  const keys = query.state === "ready" ? query.value.data : [];
  const known = keys.map(({ id, name }) => [id, name] as const);
  const missing = value === "" || keys.some(({ id }) => id === value) ? [] : [[value, value] as const];
  return <Select label="API key" name="key" value={value} options={[["", "Any key"], ...known, ...missing]} />;
}

function Log({ search }: { readonly search: string }): JSX.Element {
  const pages = usePages<RequestView>(search === "" ? "/v1/requests" : `/v1/requests?${search}`);
  return (
    <List
      label="Requests"
      pages={pages}
      columns={COLUMNS}
      row={(request) => <RequestRow key={request.id} of={request} />}
      empty={
        search === "" ? (
          <Empty title="No requests yet.">
            <p>
              Make the first one in the <Link to="/playground">playground</Link>, or with a <Link to="/keys">key</Link>{" "}
              from your program.
            </p>
          </Empty>
        ) : (
          <Empty title="No request fits.">
            <Link to="/requests">Show all requests</Link>
          </Empty>
        )
      }
    />
  );
}

/** Requests as they end. */
function Live(): JSX.Element {
  const { items, error } = useTail();
  return (
    <section class="card" aria-label="Live requests" aria-live="polite">
      {error === null ? null : <Failure error={error} />}
      {items.length === 0 ? (
        <p class="faint">Watching. Requests appear here as they end.</p>
      ) : (
        <Table label="Live requests" columns={COLUMNS}>
          {items.map((request) => (
            <RequestRow key={request.id} of={request} />
          ))}
        </Table>
      )}
    </section>
  );
}

function RequestRow({ of: request }: { readonly of: RequestView }): JSX.Element {
  const { tone, text } = requestState(request);
  return (
    <tr>
      <td>
        <Link to={`/requests/${request.id}`}>
          <Ago iso={request.created_at} />
        </Link>
      </td>
      <td>
        <Badge tone={tone}>{text}</Badge>{" "}
        {request.error_code === null ? null : <span class="small faint">{request.error_code}</span>}
      </td>
      <td>{request.model ?? request.requested_model}</td>
      <td>{request.provider ?? <span class="faint">–</span>}</td>
      <td class="number">{formatCount(tokensOf(request.usage))}</td>
      <td class="number">{formatMs(request.latency_ms)}</td>
      <td class="number">
        <Money nano={request.cost_nano_usd} />
      </td>
    </tr>
  );
}
