import type { PlanView, SubscriptionView } from "@aggregator/contracts/plans";
import type { JSX } from "preact";
import type { PageBody } from "../api/answer.ts";
import { useApi, useMay } from "../api/api-context.ts";
import { useQuery } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { formatDay } from "../format/time.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Table } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";
import { Badge, Facts, Money } from "../ui/values.tsx";

const PATH = "/v1/billing/subscription";

/** The plan that the company is on, and those that it could be on. */
export function Plan(): JSX.Element {
  const subscription = useQuery<SubscriptionView>(PATH);
  const plans = useQuery<PageBody<PlanView>>("/v1/billing/plans?limit=100");
  return (
    <Section title="Plan">
      <Queried of={subscription}>
        {(current) => (
          <>
            <Current of={current} reload={subscription.reload} />
            <Queried of={plans}>
              {({ data }) =>
                data.length === 0 ? null : <Offer of={data} current={current} reload={subscription.reload} />
              }
            </Queried>
          </>
        )}
      </Queried>
    </Section>
  );
}

interface CurrentProps {
  readonly of: SubscriptionView;
  readonly reload: () => void;
}

function Current({ of: current, reload }: CurrentProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("billing:manage");
  if (current.plan === "payg") return <p>Pay as you go: no fee, the prices of the models.</p>;
  return (
    <>
      <Facts
        of={[
          ["Plan", current.plan],
          ["State", formatName(current.status)],
          ["Period ends", formatDay(current.current_period_end)],
          ["Then", current.cancel_at_period_end ? "it ends" : (current.next_plan ?? "it goes on")],
        ]}
      />
      {current.checkout_url === null ? null : (
        <p>
          <a href={current.checkout_url} rel="noreferrer">
            Pay to begin
          </a>
        </p>
      )}
      {mayManage && !current.cancel_at_period_end && current.status !== "canceled" ? (
        <div>
          <ConfirmButton
            label="Cancel plan"
            title="Cancel the plan?"
            perform={() => api.call("DELETE", PATH)}
            onDone={reload}
          >
            It stays until {formatDay(current.current_period_end)}, which is paid for.
          </ConfirmButton>
        </div>
      ) : null}
    </>
  );
}

interface OfferProps {
  readonly of: readonly PlanView[];
  readonly current: SubscriptionView;
  readonly reload: () => void;
}

function Offer({ of: plans, current, reload }: OfferProps): JSX.Element {
  const api = useApi();
  const mayManage = useMay("billing:manage");
  const isLive = current.status !== "canceled" && current.plan !== "payg";
  const choose = (plan: string) =>
    api.call(isLive ? "PATCH" : "POST", PATH, { plan, pay_with: "balance" }, { idempotencyKey: crypto.randomUUID() });
  return (
    <Table label="Plans" columns={["Plan", "#Fee a month", "#Included", "#Markup", ""]}>
      {plans.map((plan) => (
        <tr key={plan.id}>
          <td>{plan.name}</td>
          <td class="number">
            <Money nano={plan.monthly_fee_nano_usd} />
          </td>
          <td class="number">
            <Money nano={plan.included_credit_nano_usd} />
          </td>
          <td class="number">{plan.markup_bps / 100}%</td>
          <td class="number">
            {isLive && plan.id === current.plan ? (
              <Badge tone="good">Yours</Badge>
            ) : mayManage ? (
              <ConfirmButton
                label="Choose"
                title={`Change to ${plan.name}?`}
                perform={() => choose(plan.id)}
                onDone={reload}
              >
                Its fee is taken from the balance each month.
              </ConfirmButton>
            ) : null}
          </td>
        </tr>
      ))}
    </Table>
  );
}
