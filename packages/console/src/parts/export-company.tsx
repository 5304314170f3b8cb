import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiResult } from "../api/answer.ts";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { save, wholeOf } from "../api/use-download.ts";
import { type Archive, readArchive } from "../format/archive.ts";
import { Section } from "../ui/page.tsx";
import { Failure } from "../ui/states.tsx";

/** A copy of all that the company has, as one file. */
export function ExportCompany(): JSX.Element {
  const api = useApi();
  const [archive, setArchive] = useState<Archive | null>(null);
  const action = useAction(
    async (): Promise<ApiResult<Archive>> => {
      setArchive(null);
      const answer = await api.open("/v1/company/export");
      if (!answer.ok) return answer;
      const file = await wholeOf(answer.value);
      return file.ok ? readArchive(file.value) : file;
    },
    (made) => {
      setArchive(made);
      save(made.file, "company.ndjson");
    },
  );
  return (
    <Section title="Data of the company">
      <p class="faint">
        People, keys without their secrets, requests, payments, statements and the audit log: one JSON object a line.
      </p>
      <div class="actions">
        <button type="button" disabled={action.isRunning} onClick={() => action.run(undefined)}>
          Download all data
        </button>
      </div>
      <p class="small" role="status">
        {action.isRunning ? "It is gathered. This takes a minute for a large company: keep this page open." : ""}
        {archive === null ? "" : saidOf(archive)}
      </p>
      {action.error === null ? null : <Failure error={action.error} />}
    </Section>
  );
}

function saidOf({ missing }: Archive): string {
  if (missing.length === 0) return "Saved: all of it is there.";
  return `Saved, without ${missing.join(", ")}: you may not read it, or it did not answer. Try again or ask an owner.`;
}
