import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SNIPPET_LANGUAGES, type SnippetLanguage, snippetOf } from "../format/snippets.ts";
import { useQuery } from "../api/use-query.ts";
import { Choice } from "../ui/choice.tsx";
import { CopyButton } from "../ui/copy.tsx";
import { Link } from "../ui/link.tsx";
import { Section } from "../ui/page.tsx";

interface ModelList {
  readonly data: readonly { readonly id: string }[];
}

/** A first request in the reader's language, with an address and a model that work. */
export function GettingStarted(): JSX.Element {
  const [language, setLanguage] = useState<SnippetLanguage>("curl");
  const { query } = useQuery<ModelList>("/v1/models");
  const model = query.state === "ready" ? query.value.data[0]?.id : undefined;
  const snippet = snippetOf(language, window.location.origin, model ?? "openai/gpt-4o");
  return (
    <Section
      title="Your first request"
      actions={<Choice label="Language" options={SNIPPET_LANGUAGES} value={language} onChange={setLanguage} />}
    >
      <p class="pad">
        Any OpenAI client works: change the base URL and the key. <Link to="/keys">Create a key</Link>, then:
      </p>
      <div class="code">
        <pre tabIndex={0} aria-label="Example">
          {snippet}
        </pre>
        <CopyButton text={snippet} />
      </div>
    </Section>
  );
}
