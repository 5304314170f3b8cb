import type { RequestView } from "@aggregator/contracts/billing";
import { useEffect, useState } from "preact/hooks";
import { type ApiError, trusted } from "./answer.ts";
import { useApi } from "./api-context.ts";
import { eventsOf } from "./event-stream.ts";

const KEPT = 50;

/** Requests as they end, newest first, for as long as the caller is on the page. */
export function useTail(): { readonly items: readonly RequestView[]; readonly error: ApiError | null } {
  const api = useApi();
  const [items, setItems] = useState<readonly RequestView[]>([]);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let position: string | null = null;
    const add = (request: RequestView): void =>
      setItems((before) => [request, ...before.filter(({ id }) => id !== request.id)].slice(0, KEPT));
    const watch = async (): Promise<void> => {
      // The stream ends after some minutes and is taken up where it ended.
      while (!abort.signal.aborted) {
        const headers: HeadersInit = position === null ? {} : { "last-event-id": position };
        const answer = await api.open("/v1/requests/tail", { headers, signal: abort.signal });
        if (abort.signal.aborted) return;
        if (!answer.ok) return setError(answer.error);
        if (answer.value.body === null) return;
        for await (const { event, data, id } of eventsOf(answer.value.body)) {
          position = id ?? position;
          if (event === "request") add(trusted<RequestView>(data));
          if (event === "error") return;
        }
      }
    };
    watch().catch(() => undefined);
    return () => abort.abort();
  }, [api]);
  return { items, error };
}
