import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../api/use-query.ts";
import { formatCountShort } from "../format/count.ts";
import { Link } from "../ui/link.tsx";
import { Table } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty, Queried } from "../ui/states.tsx";

interface ModelList {
  readonly data: readonly PublicModelView[];
}

/** Shown at once; more would only be scrolled past. */
const SHOWN = 200;

/** What can be called, and what it costs. */
export function ModelsPage(): JSX.Element {
  const [search, setSearch] = useState("");
  const models = useQuery<ModelList>("/v1/models");
  return (
    <Page title="Models" lead="Prices in USD per million tokens, at the cheapest provider.">
      <div class="card">
        <input
          type="search"
          aria-label="Search models"
          placeholder="Search models"
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <Queried of={models}>{({ data }) => <Models of={data} search={search.trim().toLowerCase()} />}</Queried>
      </div>
    </Page>
  );
}

function Models({ of, search }: { readonly of: readonly PublicModelView[]; readonly search: string }): JSX.Element {
  const found = of.filter(({ id }) => id.toLowerCase().includes(search));
  if (of.length === 0) {
    return <Empty title="No models yet.">The operator of this platform registers providers and models.</Empty>;
  }
  if (found.length === 0) return <Empty title="No model has this in its name." />;
  return (
    <>
      <Table label="Models" columns={["Model", "#Context", "#Input", "#Cached input", "#Output", ""]}>
        {found.slice(0, SHOWN).map((model) => (
          <tr key={model.id}>
            <td>
              <code>{model.id}</code>
            </td>
            <td class="number">{model.context_window === null ? "–" : formatCountShort(model.context_window)}</td>
            <Price of={model} name="input" />
            <Price of={model} name="cached_input" />
            <Price of={model} name="output" />
            <td class="number">
              {model.pricing === null ? (
                <span class="faint">not priced</span>
              ) : (
                <Link to={`/playground?model=${encodeURIComponent(model.id)}`}>Try</Link>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {found.length > SHOWN ? <p class="faint">{found.length - SHOWN} more: search to find them.</p> : null}
    </>
  );
}

function Price({ of: { pricing }, name }: { readonly of: PublicModelView; readonly name: string }): JSX.Element {
  const price = pricing?.[name];
  return <td class="number">{price === undefined ? <span class="faint">–</span> : `$${price}`}</td>;
}
