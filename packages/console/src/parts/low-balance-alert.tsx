import type { LowBalanceAlertView } from "@aggregator/contracts/budgets";
import type { JSX } from "preact";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatNanoUsd, parseUsd } from "../format/money.ts";
import { Field, Form, wordsOf } from "../ui/form.tsx";
import { Section } from "../ui/page.tsx";
import { Queried } from "../ui/states.tsx";

const PATH = "/v1/billing/low-balance-alert";

/** When the company is told that its money runs low. */
export function LowBalanceAlert(): JSX.Element {
  const api = useApi();
  const alert = useQuery<LowBalanceAlertView>(PATH);
  const action = useAction(
    (form: FormData) =>
      api.call("PUT", PATH, { thresholds_nano_usd: wordsOf(form, "thresholds").map((word) => parseUsd(word) ?? word) }),
    alert.reload,
  );
  return (
    <Section title="Low balance alert">
      <Queried of={alert}>
        {({ thresholds_nano_usd: thresholds }) => (
          <Form key={thresholds.join()} action={action} submit="Save" done="Saved.">
            <Field
              label="Tell us when the balance falls below"
              name="thresholds"
              placeholder="$10 $2"
              hint="Amounts in USD with spaces between them, at most ten. Empty: never."
              value={thresholds.map(formatNanoUsd).join(" ")}
            />
          </Form>
        )}
      </Queried>
    </Section>
  );
}
