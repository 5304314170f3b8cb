import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";

const TIMEOUT_MS = 3_000;

/** How a call of oauth4webapi goes out, as far as it is passed on. */
interface Outgoing {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | null | undefined;
}

/** Thrown for a URL that the guard refuses; the issuer's documents name most of them. */
export class RefusedUrlError extends Error {
  override readonly name = "RefusedUrlError";
}

/** `fetch` for calls to an issuer: through the one guard, within a deadline, and never along a redirect. */
export function guardedFetch(allowPrivate: boolean) {
  return (url: string, { method, headers, body }: Outgoing): Promise<Response> => {
    const checked = checkOutboundUrl(url, { allowPrivate });
    if (!checked.ok) throw new RefusedUrlError(checked.error.message);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return fetch(checked.value, { method, headers, body: body ?? null, redirect: "manual", signal });
  };
}
