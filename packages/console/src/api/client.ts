import type { SessionView } from "@aggregator/contracts/auth";
import type { Session } from "./session.ts";

/** What the API refused, in its own words. `code` is `network` when no answer came. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly requestId: string | null;
}

export type ApiResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ApiError };

export interface PageBody<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

export interface ApiClient {
  get<Value>(path: string): Promise<ApiResult<Value>>;
  post<Value>(path: string, body?: unknown): Promise<ApiResult<Value>>;
  remove(path: string): Promise<ApiResult<null>>;
  /** Registers or signs in; the session begins when it succeeds. */
  signIn(path: "/v1/auth/login" | "/v1/auth/register", body: unknown): Promise<ApiResult<SessionView>>;
  signOut(): Promise<void>;
  /** Signs in again by the refresh token of this tab; false when there is none that works. */
  resume(): Promise<boolean>;
}

export interface ClientOptions {
  readonly fetch: typeof fetch;
  readonly session: Session;
  /** Called when the session is over and cannot be renewed. */
  readonly onSignedOut: () => void;
}

/**
 * The API of this origin for one signed-in person. An access token that ended is renewed once, by one
 * request however many calls noticed it: a refresh token works once.
 */
export function createClient({ fetch, session, onSignedOut }: ClientOptions): ApiClient {
  let renewal: Promise<boolean> | null = null;

  async function exchange(): Promise<boolean> {
    const refreshToken = session.refreshToken;
    if (refreshToken === null) return false;
    const answer = await send<SessionView>("POST", "/v1/auth/refresh", { refresh_token: refreshToken }, false);
    if (answer.ok) session.begin(answer.value);
    else if (answer.error.code !== "network" && answer.error.code !== "service_unavailable") session.end();
    return answer.ok;
  }

  function renew(): Promise<boolean> {
    renewal ??= exchange().finally(() => {
      renewal = null;
    });
    return renewal;
  }

  async function send<Value>(method: string, path: string, body: unknown, mayRenew = true): Promise<ApiResult<Value>> {
    const headers = new Headers();
    const token = session.accessToken;
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    if (body !== undefined) headers.set("content-type", "application/json");
    let response: Response;
    try {
      response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    } catch {
      return failed("network", "No answer from the server. Check your connection and try again.");
    }
    if (response.status === 401 && mayRenew) {
      if (await renew()) return send(method, path, body, false);
      if (session.refreshToken === null) onSignedOut();
    }
    return answerOf<Value>(response);
  }

  return {
    get: (path) => send("GET", path, undefined),
    post: (path, body) => send("POST", path, body),
    remove: (path) => send("DELETE", path, undefined),
    async signIn(path, body) {
      const answer = await send<SessionView>("POST", path, body, false);
      if (answer.ok) session.begin(answer.value);
      return answer;
    },
    async signOut() {
      await send("POST", "/v1/auth/logout", undefined, false);
      session.end();
      onSignedOut();
    },
    resume: renew,
  };
}

async function answerOf<Value>(response: Response): Promise<ApiResult<Value>> {
  const text = await response.text();
  if (response.ok) return { ok: true, value: trusted<Value>(text === "" ? "null" : text) };
  const requestId = response.headers.get("x-request-id");
  try {
    const { error } = trusted<{ readonly error: Omit<ApiError, "requestId"> }>(text);
    return { ok: false, error: { code: error.code, message: error.message, param: error.param, requestId } };
  } catch {
    return failed("unreadable", `The server answered ${response.status} without an explanation.`, requestId);
  }
}

function failed(code: string, message: string, requestId: string | null = null): { ok: false; error: ApiError } {
  return { ok: false, error: { code, message, param: null, requestId } };
}

/** The only place that trusts the wire: it is our own origin's API, described by the contracts' views. */
function trusted<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}
