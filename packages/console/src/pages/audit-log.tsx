import type { AuditEntryView } from "@aggregator/contracts/companies";
import type { JsonObject } from "@aggregator/contracts/json";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi } from "../api/api-context.ts";
import { useDownload } from "../api/use-download.ts";
import { usePages } from "../api/use-query.ts";
import { formatTime } from "../format/time.ts";
import { Field, Form, textOf } from "../ui/form.tsx";
import { List } from "../ui/list.tsx";
import { Page } from "../ui/page.tsx";
import { Empty, Failure } from "../ui/states.tsx";

const PATH = "/v1/audit-log";

/** Who changed what, from where. */
export function AuditLogPage(): JSX.Element {
  const api = useApi();
  const [search, setSearch] = useState("");
  const entries = usePages<AuditEntryView>(search === "" ? PATH : `${PATH}?${search}`);
  const download = useDownload(api, `${PATH}/export?${search === "" ? "" : `${search}&`}format=csv`, "audit-log.csv");
  const filter = (form: FormData): void => {
    const wanted = new URLSearchParams();
    for (const name of ["action", "target_id"]) if (textOf(form, name) !== "") wanted.set(name, textOf(form, name));
    setSearch(wanted.toString());
  };
  return (
    <Page
      title="Audit log"
      lead="Each change in your company: who, what, from where."
      actions={
        <button type="button" disabled={download.isRunning} onClick={() => download.run(undefined)}>
          Download CSV
        </button>
      }
    >
      {download.error === null ? null : <Failure error={download.error} />}
      <div class="card">
        <Form action={{ run: filter, isRunning: false, error: null }} submit="Search" inline>
          <Field label="Action" name="action" placeholder="api_key or api_key.created" />
          <Field label="Changed thing" name="target_id" placeholder="Its id" />
        </Form>
        <List
          label="Audit log"
          pages={entries}
          columns={["When", "Who", "Action", "Changed thing", "From", "What changed"]}
          empty={<Empty title="Nothing found." />}
          row={(entry) => <EntryRow key={entry.id} of={entry} />}
        />
      </div>
    </Page>
  );
}

const KINDS = { member: "Member", api_key: "API key", operator: "Operator", system: "Platform" } as const;

function EntryRow({ of: { at, actor, action, target_id: target, before, after } }: { readonly of: AuditEntryView }) {
  const who = actor.member_id ?? actor.key_id;
  return (
    <tr>
      <td>
        <time dateTime={at}>{formatTime(at)}</time>
      </td>
      <td>
        {KINDS[actor.kind]} {who === null ? null : <code>{who}</code>}
      </td>
      <td>
        <code>{action}</code>
      </td>
      <td>
        <code>{target}</code>
      </td>
      <td>{actor.ip === null ? "" : <code>{actor.ip}</code>}</td>
      <td>
        <Change label="Before" of={before} />
        <Change label="After" of={after} />
      </td>
    </tr>
  );
}

function Change({ label, of: fields }: { readonly label: string; readonly of: JsonObject | null }): JSX.Element | null {
  if (fields === null) return null;
  return (
    <details>
      <summary>{label}</summary>
      <code>{JSON.stringify(fields)}</code>
    </details>
  );
}
