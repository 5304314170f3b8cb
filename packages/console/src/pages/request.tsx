import type { RequestView } from "@aggregator/contracts/billing";
import type { JSX } from "preact";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatCount, formatName } from "../format/count.ts";
import { requestState, spansOf } from "../format/request.ts";
import { formatMs, formatTime } from "../format/time.ts";
import { Link } from "../ui/link.tsx";
import { Table } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Empty, Failure, Queried } from "../ui/states.tsx";
import { Badge, Facts, Figure, Money } from "../ui/values.tsx";

/** The receipt of a request: where it went, what it used and what it cost. */
export function RequestPage({ id }: { readonly id: string }): JSX.Element {
  const request = useQuery<RequestView>(`/v1/requests/${encodeURIComponent(id)}`);
  return (
    <Page title="Request" lead={<Link to="/requests">All requests</Link>}>
      <Queried of={request}>{(view) => <Receipt of={view} reload={request.reload} />}</Queried>
    </Page>
  );
}

interface ReceiptProps {
  readonly of: RequestView;
  readonly reload: () => void;
}

function Receipt({ of: request, reload }: ReceiptProps): JSX.Element {
  const { tone, text } = requestState(request);
  return (
    <>
      <dl class="figures">
        <Figure label="Status" note={request.error_code ?? request.endpoint}>
          <Badge tone={tone}>{text}</Badge>
        </Figure>
        <Figure label="Cost" note={qualityOf(request)}>
          <Money nano={request.cost_nano_usd} />
        </Figure>
        <Figure label="Latency" note={`first token ${formatMs(request.time_to_first_token_ms)}`}>
          {formatMs(request.latency_ms)}
        </Figure>
      </dl>
      {request.state === "held" ? <Cancel of={request} reload={reload} /> : null}
      <Section title="Route">
        <Facts
          of={[
            ["Asked for", request.requested_model],
            ["Served", request.model ?? "–"],
            ["Provider", request.provider ?? "–"],
            ["Provider key", keyOwnerOf(request)],
            ["Streamed", request.stream ? "yes" : "no"],
            ["Response cache", request.cache ?? "–"],
          ]}
        />
        <Attempts of={request} />
      </Section>
      <Section title="Usage and price">
        <Usage of={request} />
      </Section>
      <Section title="Identity">
        <Facts
          of={[
            ["Request id", <code>{request.id}</code>],
            ["Your id", request.client_request_id ?? "–"],
            ["API key", <Link to={`/keys/${request.key_id}`}>{request.key_id}</Link>],
            ["Arrived", formatTime(request.created_at)],
            ["Ended", formatTime(request.finished_at)],
            ["Held", <Money nano={request.held_nano_usd} />],
          ]}
        />
      </Section>
    </>
  );
}

function keyOwnerOf({ credential_owner: owner }: RequestView): string {
  if (owner === null) return "–";
  return owner === "company" ? "your own, which the provider bills" : "the platform's";
}

function qualityOf({ usage_quality: quality, state }: RequestView): string {
  if (state === "held") return "still running";
  if (quality === null) return "nothing was used";
  return quality === "reported" ? "as the provider reported" : `usage ${quality}`;
}

function Cancel({ of: request, reload }: ReceiptProps): JSX.Element | null {
  const api = useApi();
  const action = useAction(() => api.call("POST", `/v1/requests/${request.id}/cancel`), reload);
  if (!useMay("requests:cancel")) return null;
  return (
    <div class="notice">
      <p>It is running. When it is stopped it is charged for what was produced.</p>
      {action.error === null ? null : <Failure error={action.error} />}
      <button type="button" class="danger" disabled={action.isRunning} onClick={() => action.run(undefined)}>
        Stop it
      </button>
    </div>
  );
}

/** One attempt of the free-form list. */
function attemptOf(attempt: RequestView["attempts"][number]) {
  const number = (name: string): number | null => (typeof attempt[name] === "number" ? attempt[name] : null);
  const text = (name: string): string => (typeof attempt[name] === "string" ? attempt[name] : "");
  return {
    provider: text("provider"),
    outcome: text("outcome"),
    status: number("status"),
    firstByteMs: number("first_byte_ms"),
    durationMs: number("duration_ms") ?? 0,
    startedAtMs: Date.parse(text("started_at")) || 0,
  };
}

function Attempts({ of: request }: { readonly of: RequestView }): JSX.Element {
  const attempts = request.attempts.map(attemptOf);
  if (attempts.length === 0) return <p class="faint">No provider was called.</p>;
  const spans = spansOf(attempts);
  return (
    <Table label="Attempts" columns={["Attempt", "Provider", "Outcome", "Timing", "#First byte", "#Duration"]}>
      {attempts.map((attempt, index) => (
        <tr key={index}>
          <td>{index + 1}</td>
          <td>{attempt.provider}</td>
          <td>
            <Badge tone={attempt.outcome === "success" ? "good" : "bad"}>{formatName(attempt.outcome)}</Badge>{" "}
            <span class="faint">{attempt.status}</span>
          </td>
          <td class="timing">
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="8" rx="1" />
              <rect
                class={attempt.outcome === "success" ? "span" : "span bad"}
                x={(spans[index]?.start ?? 0) * 100}
                width={(spans[index]?.length ?? 0) * 100}
                height="8"
                rx="1"
              />
            </svg>
          </td>
          <td class="number">{formatMs(attempt.firstByteMs)}</td>
          <td class="number">{formatMs(attempt.durationMs)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Usage({ of: request }: { readonly of: RequestView }): JSX.Element {
  const classes = Object.entries(request.usage ?? {});
  if (classes.length === 0) return <Empty title="Nothing was used, so nothing was charged." />;
  return (
    <>
      <Table label="Usage by class" columns={["Class", "#Units"]}>
        {classes.map(([name, units]) => (
          <tr key={name}>
            <td>{formatName(name)}</td>
            <td class="number">{formatCount(units)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">Cost</th>
          <td class="number">
            <strong>
              <Money nano={request.cost_nano_usd} />
            </strong>
          </td>
        </tr>
      </Table>
      <p class="small faint">
        {request.minimum_applied ? "It came to less than the minimum of a request, which is what it cost. " : null}
        Priced when the request was reserved; price version <code>{request.price_version ?? "–"}</code>. Prices are on
        the page of <Link to="/models">models</Link>.
      </p>
    </>
  );
}
