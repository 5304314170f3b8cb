import { useCallback, useEffect, useState } from "preact/hooks";
import type { ApiError, PageBody } from "./answer.ts";
import { useApi } from "./api-context.ts";

export type Query<Value> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly error: ApiError }
  | { readonly state: "ready"; readonly value: Value };

const LOADING = { state: "loading" } as const;

/**
 * What a path answers; `reload` asks again and shows what was there until it answers. An answer that comes
 * after the path changed is dropped.
 */
export function useQuery<Value>(path: string): { readonly query: Query<Value>; readonly reload: () => void } {
  const api = useApi();
  const [turn, setTurn] = useState(0);
  const [held, setHeld] = useState<{ readonly path: string; readonly query: Query<Value> }>({ path, query: LOADING });
  useEffect(() => {
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const answer = await api.call<Value>("GET", path);
      if (!isCurrent) return;
      const query = answer.ok
        ? ({ state: "ready", value: answer.value } as const)
        : ({ state: "failed", error: answer.error } as const);
      setHeld({ path, query });
    };
    void ask();
    return () => {
      isCurrent = false;
    };
  }, [api, path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { query: held.path === path ? held.query : LOADING, reload };
}

export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly status: "loading" | "ready";
  readonly error: ApiError | null;
  /** Fetches the next page; null at the end. */
  readonly more: (() => void) | null;
  /** From the first page again. */
  readonly reload: () => void;
}

interface PagesState<Item> {
  readonly path: string;
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly status: Pages<Item>["status"];
  readonly error: ApiError | null;
}

/** The pages of a list, one after the other; a new `path` begins anew. */
export function usePages<Item>(path: string): Pages<Item> {
  const api = useApi();
  const begin = (of: string): PagesState<Item> => ({ path: of, items: [], next: null, status: "loading", error: null });
  const [state, setState] = useState<PagesState<Item>>(begin(path));
  const [turn, setTurn] = useState(0);

  const load = async (cursor: string | null): Promise<void> => {
    const separator = path.includes("?") ? "&" : "?";
    const query = cursor === null ? "" : `${separator}cursor=${encodeURIComponent(cursor)}`;
    const answer = await api.call<PageBody<Item>>("GET", `${path}${query}`);
    setState((before) => {
      if (before.path !== path) return before;
      if (!answer.ok) return { ...before, status: "ready", error: answer.error };
      const items = cursor === null ? answer.value.data : [...before.items, ...answer.value.data];
      return { path, items, next: answer.value.next_cursor, status: "ready", error: null };
    });
  };
  useEffect(() => {
    setState((before) => (before.path === path ? { ...before, status: "loading" } : begin(path)));
    void load(null);
  }, [api, path, turn]);

  const { items, next, status, error } = state.path === path ? state : begin(path);
  const more = (): void => {
    setState((before) => ({ ...before, status: "loading" }));
    void load(next);
  };
  return {
    items,
    status,
    error,
    more: next === null || status === "loading" ? null : more,
    reload: () => setTurn((before) => before + 1),
  };
}
