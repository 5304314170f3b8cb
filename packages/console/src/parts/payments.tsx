import type { PaymentView } from "@aggregator/contracts/payments";
import type { JSX } from "preact";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { formatName } from "../format/count.ts";
import { parseUsd } from "../format/money.ts";
import { Field, Form, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Ago, Badge, Money } from "../ui/values.tsx";

/** Money that comes in by card. Where the platform takes no payments, who to ask. */
export function Payments(): JSX.Element {
  const payments = usePages<PaymentView>("/v1/billing/topups?limit=5");
  const mayManage = useMay("billing:manage");
  if (payments.error?.status === 404) {
    return (
      <Section title="Top up">
        <p class="faint">This platform takes no card payments. Ask its operator for credit.</p>
      </Section>
    );
  }
  return (
    <Section title="Top up">
      {mayManage ? <TopUp onDone={payments.reload} /> : null}
      <List
        label="Payments"
        pages={payments}
        columns={["When", "What", "State", "#Credit"]}
        empty={<Empty title="No payments yet." />}
        row={(payment) => (
          <tr key={payment.id}>
            <td>
              <Ago iso={payment.created_at} />
            </td>
            <td>{formatName(payment.purpose)}</td>
            <td>
              <Badge tone={TONES[payment.status]}>{formatName(payment.status)}</Badge>{" "}
              {payment.checkout_url === null ? null : (
                <a href={payment.checkout_url} rel="noreferrer">
                  Pay
                </a>
              )}
            </td>
            <td class="number">
              <Money nano={payment.credit_nano_usd} />
            </td>
          </tr>
        )}
      />
    </Section>
  );
}

const TONES = { created: "plain", processing: "warn", paid: "good", failed: "bad", rejected: "bad" } as const;

function TopUp({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => {
      const amount = textOf(form, "amount");
      return api.call<PaymentView>(
        "POST",
        "/v1/billing/topups",
        { amount_nano_usd: parseUsd(amount) ?? amount },
        { idempotencyKey: crypto.randomUUID() },
      );
    },
    (payment) => {
      if (payment.checkout_url === null) onDone();
      else window.location.assign(payment.checkout_url);
    },
  );
  return (
    <Form action={action} submit="Pay by card" inline>
      <Field label="Amount in USD" name="amount" inputMode="decimal" required placeholder="25.00" />
    </Form>
  );
}
