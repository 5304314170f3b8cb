import type { CircuitView, ProviderHealthView, SetAsideCredentialView } from "@aggregator/contracts/provider-health";
import type { JSX } from "preact";
import { useApi } from "../../api/api-context.ts";
import { useQuery } from "../../api/use-query.ts";
import { formatName, formatShare } from "../../format/count.ts";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Table } from "../../ui/list.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { Empty, Queried } from "../../ui/states.tsx";
import { Ago, Badge } from "../../ui/values.tsx";

const TONES = { closed: "good", open: "bad", half_open: "warn", ramping: "warn" } as const;

/** What all locations together know of the providers. */
export function HealthPage(): JSX.Element {
  const health = useQuery<ProviderHealthView>("/v1/admin/health");
  return (
    <Page
      title="Health"
      lead="Endpoints that were called lately or do not get all of their traffic."
      actions={
        <button type="button" onClick={health.reload}>
          Refresh
        </button>
      }
    >
      <Queried of={health}>
        {({ circuits, credentials }) => (
          <>
            <Circuits of={circuits} reload={health.reload} />
            <SetAside of={credentials} />
          </>
        )}
      </Queried>
    </Page>
  );
}

interface CircuitsProps {
  readonly of: readonly CircuitView[];
  readonly reload: () => void;
}

function Circuits({ of: circuits, reload }: CircuitsProps): JSX.Element {
  const api = useApi();
  return (
    <Section title="Endpoints">
      {circuits.length === 0 ? <Empty title="No endpoint was called lately." /> : null}
      {circuits.length === 0 ? null : (
        <Table label="Endpoints" columns={["Endpoint", "Circuit", "#Share", "#Succeeded", "#Failed", "Since", ""]}>
          {circuits.map((circuit) => (
            <tr key={circuit.endpoint}>
              <td>
                {circuit.provider} <code>{circuit.endpoint}</code>
              </td>
              <td>
                <Badge tone={TONES[circuit.state]}>{formatName(circuit.state)}</Badge>
              </td>
              <td class="number">{formatShare(circuit.share)}</td>
              <td class="number">{circuit.recent_successes}</td>
              <td class="number">{circuit.recent_failures}</td>
              <td>
                <Ago iso={circuit.since} />
              </td>
              <td class="number">
                {circuit.state === "closed" ? null : (
                  <ConfirmButton
                    label="Close circuit"
                    title="Close this circuit?"
                    perform={() => api.call("POST", `/v1/admin/health/${encodeURIComponent(circuit.endpoint)}/reset`)}
                    onDone={reload}
                  >
                    The endpoint gets all of its traffic within seconds, and its provider's credentials are used again.
                  </ConfirmButton>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function SetAside({ of: credentials }: { readonly of: readonly SetAsideCredentialView[] }): JSX.Element | null {
  if (credentials.length === 0) return null;
  return (
    <Section title="Credentials set aside">
      <Table label="Credentials set aside" columns={["Provider", "Credential", "Why", "Used again"]}>
        {credentials.map((credential) => (
          <tr key={credential.credential}>
            <td>{credential.provider}</td>
            <td>
              <code>{credential.credential}</code>
            </td>
            <td>{formatName(credential.reason)}</td>
            <td>
              <Ago iso={credential.until} />
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
