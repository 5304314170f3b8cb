import type { UsageRowView, UsageSummaryView } from "@aggregator/contracts/analytics";
import type { BalanceView } from "@aggregator/contracts/billing";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { PageBody } from "../api/answer.ts";
import { useMay } from "../api/api-context.ts";
import { useQuery } from "../api/use-query.ts";
import { bucketsOf, rangeStart, type Unit } from "../format/buckets.ts";
import { formatCount, formatCountShort, formatShare } from "../format/count.ts";
import { formatNanoUsd, formatUsdShort } from "../format/money.ts";
import { formatMs } from "../format/time.ts";
import { GettingStarted } from "../parts/getting-started.tsx";
import { BarChart, type Point } from "../ui/bar-chart.tsx";
import { Choice } from "../ui/choice.tsx";
import { Link } from "../ui/link.tsx";
import { Table } from "../ui/list.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Empty, Queried } from "../ui/states.tsx";
import { Figure, Money } from "../ui/values.tsx";

const RANGES = {
  day: { label: "24 hours", unit: "hour", count: 24 },
  week: { label: "7 days", unit: "day", count: 7 },
  month: { label: "30 days", unit: "day", count: 30 },
} as const satisfies Record<string, { label: string; unit: Unit; count: number }>;
type Range = keyof typeof RANGES;

const RANGE_OPTIONS = [
  ["day", RANGES.day.label],
  ["week", RANGES.week.label],
  ["month", RANGES.month.label],
] as const;

/** What is left, what was used, and how to begin. */
export function OverviewPage(): JSX.Element {
  const [range, setRange] = useState<Range>("day");
  const mayReadBilling = useMay("billing:read");
  const mayReadUsage = useMay("usage:read");
  return (
    <Page
      title="Overview"
      actions={<Choice label="Period" options={RANGE_OPTIONS} value={range} onChange={setRange} />}
    >
      {mayReadBilling ? <Balance /> : null}
      {mayReadUsage ? <Usage key={range} range={range} /> : null}
      <GettingStarted />
    </Page>
  );
}

function Balance(): JSX.Element {
  return (
    <Queried of={useQuery<BalanceView>("/v1/billing/balance")}>
      {(balance) => (
        <dl class="figures">
          <Figure label="Available" note="to spend now">
            <Money nano={balance.available_nano_usd} />
          </Figure>
          <Figure label="Held" note="by requests that are running">
            <Money nano={balance.held_nano_usd} />
          </Figure>
          <Figure label="Posted" note="available and held">
            <Money nano={balance.posted_nano_usd} />
          </Figure>
        </dl>
      )}
    </Queried>
  );
}

function Usage({ range }: { readonly range: Range }): JSX.Element {
  const { unit, count } = RANGES[range];
  const nowMs = useMemo(() => Date.now(), []);
  const from = encodeURIComponent(rangeStart(unit, count, nowMs));
  const summary = useQuery<UsageSummaryView>(`/v1/usage/summary?from=${from}`);
  const rows = useQuery<PageBody<UsageRowView>>(`/v1/usage?group_by=${unit}&limit=100&from=${from}`);
  return (
    <Queried of={summary}>
      {(totals) => (
        <>
          <Totals totals={totals} />
          <Queried of={rows}>
            {({ data }) => <Charts rows={data} totals={totals} range={range} nowMs={nowMs} />}
          </Queried>
          <TopModels totals={totals} />
        </>
      )}
    </Queried>
  );
}

function Totals({ totals }: { readonly totals: UsageSummaryView }): JSX.Element {
  return (
    <dl class="figures">
      <Figure label="Error rate" note={`${formatCount(totals.errors)} of ${formatCount(totals.requests)}`}>
        {formatShare(totals.error_rate)}
      </Figure>
      <Figure label="Median latency" note={`p95 ${formatMs(totals.latency_ms.p95)}`}>
        {formatMs(totals.latency_ms.p50)}
      </Figure>
      <Figure
        label="Tokens"
        note={`${formatCountShort(totals.input_tokens)} in, ${formatCountShort(totals.output_tokens)} out`}
      >
        {formatCountShort(totals.input_tokens + totals.output_tokens)}
      </Figure>
      <Figure label="From caches" note="of input tokens">
        {formatShare(totals.cache_hit_rate)}
      </Figure>
    </dl>
  );
}

interface ChartsProps {
  readonly rows: readonly UsageRowView[];
  readonly totals: UsageSummaryView;
  readonly range: Range;
  readonly nowMs: number;
}

function Charts({ rows, totals, range, nowMs }: ChartsProps): JSX.Element {
  const { unit, count, label } = RANGES[range];
  const buckets = bucketsOf(rows, unit, count, nowMs);
  const points = (valueOf: (bucket: (typeof buckets)[number]) => [number, string]): readonly Point[] =>
    buckets.map((bucket) => {
      const [value, text] = valueOf(bucket);
      return { label: labelOf(bucket.at, unit), value, text };
    });
  return (
    <div class="pair">
      <Section title="Spend">
        <BarChart
          title={`Last ${label}`}
          total={formatNanoUsd(totals.cost_nano_usd)}
          points={points(({ costNanoUsd }) => [costNanoUsd, formatNanoUsd(costNanoUsd)])}
          formatTick={formatUsdShort}
        />
      </Section>
      <Section title="Requests">
        <BarChart
          title={`Last ${label}`}
          total={formatCount(totals.requests)}
          points={points(({ requests, errors }) => [
            requests,
            `${formatCount(requests)}${errors === 0 ? "" : `, ${formatCount(errors)} failed`}`,
          ])}
          formatTick={formatCountShort}
        />
      </Section>
    </div>
  );
}

/** Hours in the reader's zone; days are UTC, as they are counted. */
function labelOf(at: string, unit: Unit): string {
  const date = new Date(at);
  if (unit === "hour") return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
}

function TopModels({ totals }: { readonly totals: UsageSummaryView }): JSX.Element {
  return (
    <Section title="Top models">
      {totals.top_models.length === 0 ? (
        <Empty title="No requests in this period.">
          Make one with the snippet below or in the <Link to="/playground">playground</Link>.
        </Empty>
      ) : (
        <Table label="Top models" columns={["Model", "#Requests", "#Spend"]}>
          {totals.top_models.map(({ model, requests, cost_nano_usd }) => (
            <tr key={model}>
              <td>
                <Link to={`/requests?model=${encodeURIComponent(model)}`}>{model}</Link>
              </td>
              <td class="number">{formatCount(requests)}</td>
              <td class="number">
                <Money nano={cost_nano_usd} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
