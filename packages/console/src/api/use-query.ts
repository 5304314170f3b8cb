import { useCallback, useEffect, useState } from "preact/hooks";
import { useApi } from "./api-context.ts";
import type { ApiError, PageBody } from "./client.ts";

export type Query<Value> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: ApiError }
  | { readonly state: "ready"; readonly value: Value };

/** What a path answers; `reload` asks again. An answer that comes after the path changed is dropped. */
export function useQuery<Value>(path: string): { readonly query: Query<Value>; readonly reload: () => void } {
  const api = useApi();
  const [turn, setTurn] = useState(0);
  const [query, setQuery] = useState<Query<Value>>({ state: "loading" });
  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const answer = await api.get<Value>(path);
      if (!isCurrent) return;
      setQuery(answer.ok ? { state: "ready", value: answer.value } : { state: "failed", error: answer.error });
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [api, path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { query, reload };
}

export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly status: "loading" | "ready";
  readonly error: ApiError | null;
  /** Fetches the next page; null at the end. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
}

/** The pages of a list, one after the other. `path` has no query of its own. */
export function usePages<Item>(path: string): Pages<Item> {
  const api = useApi();
  const [pages, setPages] = useState<readonly PageBody<Item>[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const [status, setStatus] = useState<Pages<Item>["status"]>("loading");
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setStatus("loading");
    const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const load = async (): Promise<void> => {
      const answer = await api.get<PageBody<Item>>(`${path}${query}`);
      if (!isCurrent) return;
      setStatus("ready");
      setError(answer.ok ? null : answer.error);
      if (answer.ok) setPages((before) => (cursor === null ? [answer.value] : [...before, answer.value]));
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [api, path, cursor, turn]);
  const next = pages.at(-1)?.next_cursor ?? null;
  return {
    items: pages.flatMap((page) => page.data),
    status,
    error,
    more: next === null || status === "loading" ? null : () => setCursor(next),
    reload: () => {
      setCursor(null);
      setTurn((before) => before + 1);
    },
  };
}
