import type { BudgetView } from "@aggregator/contracts/budgets";
import type { JSX } from "preact";
import { useApi, useMay } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { usePages } from "../api/use-query.ts";
import { parseUsd } from "../format/money.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { Field, Form, Select, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Section } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Money } from "../ui/values.tsx";

const PERIODS = [
  ["month", "each month"],
  ["day", "each day"],
  ["lifetime", "in all"],
] as const;

const SCOPES = { company: "The company", member: "A member", key: "A key" } as const;

/** What the company lets itself spend. */
export function Budgets(): JSX.Element {
  const api = useApi();
  const mayManage = useMay("budgets:manage");
  const budgets = usePages<BudgetView>("/v1/billing/budgets");
  const action = useAction((form: FormData) => {
    const amount = textOf(form, "amount");
    const input = { scope: "company", period: textOf(form, "period"), amount_nano_usd: parseUsd(amount) ?? amount };
    return api.call("POST", "/v1/billing/budgets", input, { idempotencyKey: crypto.randomUUID() });
  }, budgets.reload);
  return (
    <Section title="Budgets">
      <List
        label="Budgets"
        pages={budgets}
        columns={["Of", "Used", "#Spent", "#Budget", "#Left", ""]}
        empty={
          <Empty title="No budgets.">A budget bounds what the company spends. A key has its own on its page.</Empty>
        }
        row={(budget) => (
          <tr key={budget.id}>
            <td>
              {SCOPES[budget.scope]} <code>{budget.scope_id}</code>{" "}
              <span class="faint">{budget.period === "lifetime" ? "in all" : `each ${budget.period}`}</span>
            </td>
            <td>
              <progress
                class="meter"
                aria-label="Share that is used"
                max={Math.max(1, budget.amount_nano_usd)}
                value={budget.spent_nano_usd + budget.held_nano_usd}
              />
            </td>
            <td class="number">
              <Money nano={budget.spent_nano_usd} />
            </td>
            <td class="number">
              <Money nano={budget.amount_nano_usd} />
            </td>
            <td class="number">
              <Money nano={budget.remaining_nano_usd} />
            </td>
            <td class="number">
              {mayManage ? (
                <ConfirmButton
                  label="Lift"
                  title="Lift this budget?"
                  perform={() => api.call("DELETE", `/v1/billing/budgets/${encodeURIComponent(budget.id)}`)}
                  onDone={budgets.reload}
                >
                  Only the balance then bounds what is spent.
                </ConfirmButton>
              ) : null}
            </td>
          </tr>
        )}
      />
      {mayManage ? (
        <Form action={action} submit="Set budget" inline>
          <Field label="Company budget in USD" name="amount" inputMode="decimal" required placeholder="50.00" />
          <Select label="Period" name="period" options={PERIODS} />
        </Form>
      ) : null}
    </Section>
  );
}
