import type { ComponentChildren, JSX } from "preact";
import type { ApiError } from "../api/answer.ts";
import type { Query } from "../api/use-query.ts";

export function Loading(): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="hidden">Loading…</span>
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** What to do about it. */
  readonly children?: ComponentChildren;
}

export function Empty({ title, children }: EmptyProps): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children === undefined ? null : <div class="faint">{children}</div>}
    </div>
  );
}

/** What to do about a refusal, where its own words do not say. */
const ADVICE: Readonly<Record<string, string>> = {
  network: "",
  permission_denied: "Ask an owner or admin of your company for this permission.",
  rate_limit_exceeded: "Wait a minute, then try again.",
  service_unavailable: "Try again in a moment. If it stays, see the status page.",
  unreadable: "Try again. If it stays, tell support the request id.",
};

/** A refusal: its words, what to do, and the id that support asks for. */
export function Failure({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }): JSX.Element {
  const advice = ADVICE[error.code] ?? "";
  return (
    <div class="notice bad" role="alert">
      <p>
        {error.message} {advice}
      </p>
      {error.requestId === null ? null : (
        <p class="small faint">
          Request <code>{error.requestId}</code>
        </p>
      )}
      {retry === undefined ? null : (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface QueriedProps<Value> {
  readonly of: { readonly query: Query<Value>; readonly reload: () => void };
  readonly children: (value: Value) => ComponentChildren;
}

/** The answer when it is there; until then that it loads, or why it failed. */
export function Queried<Value>({ of: { query, reload }, children }: QueriedProps<Value>): JSX.Element {
  if (query.state === "loading") return <Loading />;
  if (query.state === "failed") return <Failure error={query.error} retry={reload} />;
  return <>{children(query.value)}</>;
}
