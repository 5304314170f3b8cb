import type { CreatedApiKeyView } from "@aggregator/contracts/auth";
import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type ApiError, failed } from "../api/answer.ts";
import { useApi } from "../api/api-context.ts";
import { type ChatMessage, type ChatReceipt, streamChat } from "../api/chat.ts";
import type { ApiClient } from "../api/client.ts";
import { useQuery } from "../api/use-query.ts";
import { formatMs } from "../format/time.ts";
import { useLocation } from "../router.ts";
import { Select } from "../ui/form.tsx";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";
import { Empty, Failure, Queried } from "../ui/states.tsx";
import { Money } from "../ui/values.tsx";

const KEY_LIFE_MS = 3_600_000;

interface ModelList {
  readonly data: readonly PublicModelView[];
}

/** A chat with any model, priced like a program's. */
export function PlaygroundPage(): JSX.Element {
  const models = useQuery<ModelList>("/v1/models");
  return (
    <Page title="Playground" lead="Real requests, charged like any other and kept in the request log.">
      <Queried of={models}>
        {({ data }) => {
          const priced = data.filter(({ pricing }) => pricing !== null).map(({ id }) => id);
          if (priced.length === 0) return <Empty title="There is no priced model to talk to yet." />;
          return <Chat models={priced} />;
        }}
      </Queried>
    </Page>
  );
}

interface Turn extends ChatMessage {
  readonly receipt?: ChatReceipt;
}

function Chat({ models }: { readonly models: readonly string[] }): JSX.Element {
  const { query } = useLocation();
  const asked = query.get("model");
  const [model, setModel] = useState(asked !== null && models.includes(asked) ? asked : (models[0] ?? ""));
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [error, setError] = useState<ApiError | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const takeKey = useTemporaryKey();

  const ask = async (content: string): Promise<void> => {
    const abort = new AbortController();
    const before: readonly Turn[] = [...turns, { role: "user", content }];
    let text = "";
    const show = (receipt?: ChatReceipt): void =>
      setTurns([...before, { role: "assistant", content: text, ...(receipt === undefined ? {} : { receipt }) }]);
    setRunning(abort);
    setError(null);
    show();
    const key = await takeKey();
    const answer = key.ok
      ? await streamChat({
          key: key.value,
          model,
          messages: before.map((turn) => ({ role: turn.role, content: turn.content })),
          signal: abort.signal,
          onText: (piece) => {
            text += piece;
            show();
          },
        }).catch(() => (abort.signal.aborted ? null : failed(NO_ANSWER)))
      : key;
    setRunning(null);
    if (answer?.ok === true) show(answer.value);
    else if (answer?.ok === false) setError(answer.error);
    if (answer?.ok === false && text === "") setTurns(before);
  };

  return (
    <div class="card">
      <Select label="Model" name="model" value={model} options={models.map((id) => [id, id])} onChange={setModel} />
      <ol class="turns" aria-live="polite">
        {turns.map((turn, index) => (
          <li key={index} class={turn.role}>
            <span class="small faint">{turn.role === "user" ? "You" : model}</span>
            <p dir="auto">{turn.content === "" ? "…" : turn.content}</p>
            {turn.receipt === undefined ? null : <Receipt of={turn.receipt} />}
          </li>
        ))}
      </ol>
      {error === null ? null : <Failure error={error} />}
      <Prompt running={running} onAsk={(content) => void ask(content)} />
    </div>
  );
}

function Receipt({ of: receipt }: { readonly of: ChatReceipt }): JSX.Element {
  return (
    <p class="small faint">
      <Money nano={receipt.costNanoUsd} /> · first token {formatMs(receipt.firstTokenMs)} · {formatMs(receipt.totalMs)}
      {receipt.provider === null ? "" : ` · ${receipt.provider}`}
      {receipt.requestId === null ? null : (
        <>
          {" "}
          · <Link to={`/requests/${receipt.requestId}`}>receipt</Link>
        </>
      )}
    </p>
  );
}

interface PromptProps {
  readonly running: AbortController | null;
  readonly onAsk: (content: string) => void;
}

function Prompt({ running, onAsk }: PromptProps): JSX.Element {
  const [content, setContent] = useState("");
  const send = (): void => {
    if (running !== null || content.trim() === "") return;
    onAsk(content.trim());
    setContent("");
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        aria-label="Message"
        rows={3}
        placeholder="Say something. Enter sends, Shift+Enter makes a new line."
        value={content}
        onInput={(event) => setContent(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {running === null ? (
        <button class="primary">Send</button>
      ) : (
        <button type="button" onClick={() => running.abort()}>
          Stop
        </button>
      )}
    </form>
  );
}

/** A key for this page: it lives an hour at most, is in memory only, and is revoked when the page is left. */
function useTemporaryKey() {
  const api = useApi();
  const held = useRef<CreatedApiKeyView | null>(null);
  useEffect(() => () => revoke(api, held.current), [api]);
  return async () => {
    const { current } = held;
    if (current !== null && Date.parse(current.expires_at ?? "") > Date.now() + 60_000) {
      return { ok: true as const, value: current.key };
    }
    const created = await api.call<CreatedApiKeyView>("POST", "/v1/api-keys", {
      name: "Playground",
      type: "temporary",
      scopes: ["inference:create"],
      expires_at: new Date(Date.now() + KEY_LIFE_MS).toISOString(),
    });
    if (!created.ok) return created;
    held.current = created.value;
    return { ok: true as const, value: created.value.key };
  };
}

function revoke(api: ApiClient, key: CreatedApiKeyView | null): void {
  if (key !== null) void api.call("DELETE", `/v1/api-keys/${key.id}`);
}

const NO_ANSWER = { code: "network", message: "The answer broke off. Try again.", status: 0 } as const;
