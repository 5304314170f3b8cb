import type { SessionView } from "@aggregator/contracts/auth";
import { answerOf, type ApiError, failed, type ApiResult } from "./answer.ts";
import type { SessionTabs } from "./session-tabs.ts";
import type { Session } from "./session.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface CallOptions {
  readonly idempotencyKey?: string;
  /** The revision that is changed: refused when somebody has changed it since. */
  readonly ifMatch?: number;
}

export interface ApiClient {
  call<Value>(method: Method, path: string, body?: unknown, options?: CallOptions): Promise<ApiResult<Value>>;
  /** The answer as it comes, for streams and files; `error` when it was refused. */
  open(path: string, init?: RequestInit): Promise<ApiResult<Response>>;
  /** What needs no session: the links of mails, and the way to sign in elsewhere. */
  ask<Value>(path: string, body: unknown): Promise<ApiResult<Value>>;
  /** Registers or signs in; the session begins when it succeeds. */
  signIn(path: SignInPath, body: unknown): Promise<ApiResult<SessionView>>;
  /** Goes on in another company of the person; other tabs stay in theirs. */
  switchCompany(id: string): Promise<ApiResult<SessionView>>;
  signOut(): Promise<void>;
  /** Signs in again by the refresh token of this tab; why not, when there is none that works. */
  resume(): Promise<ApiError | null>;
}

export type SignInPath =
  | "/v1/auth/login"
  | "/v1/auth/register"
  | "/v1/auth/mfa/verify"
  | "/v1/auth/oidc/callback"
  | "/v1/invitations/accept";

export interface ClientOptions {
  readonly fetch: typeof fetch;
  readonly session: Session;
  readonly tabs: SessionTabs;
  /** Called when the session is over and cannot be renewed, with what refused it. */
  readonly onSignedOut: (why: ApiError) => void;
}

/**
 * The API of this origin for one signed-in person. An access token that ended is renewed once, by one
 * request however many calls noticed it: a refresh token works once.
 */
export function createClient({ fetch, session, tabs, onSignedOut }: ClientOptions): ApiClient {
  let renewal: Promise<ApiError | null> | null = null;

  async function exchange(): Promise<ApiError | null> {
    const before = session.refreshToken;
    if (before === null) return NO_SESSION;
    if (await tabs.wasTraded(before)) return session.refreshToken === null ? NO_SESSION : null;
    const answer = await post<SessionView>("/v1/auth/refresh", { refresh_token: before });
    if (answer.ok) {
      tabs.trade(answer.value);
      return null;
    }
    if (answer.error.status === 401 || answer.error.status === 403) session.end();
    return answer.error;
  }

  function renew(): Promise<ApiError | null> {
    renewal ??= tabs.alone(exchange).finally(() => {
      renewal = null;
    });
    return renewal;
  }

  /** Without a session. */
  async function post<Value>(path: string, body: unknown): Promise<ApiResult<Value>> {
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, init).catch(() => null);
    return response === null ? failed(NO_ANSWER) : answerOf<Value>(response);
  }

  async function send(path: string, init: RequestInit, renewals = MAX_RENEWALS): Promise<Response | null> {
    const token = session.accessToken;
    const headers = new Headers(init.headers);
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    const response = await fetch(path, { ...init, headers }).catch(() => null);
    if (response?.status !== 401 || renewals === 0 || (await isAboutPassword(response))) return response;
    // Another call may have renewed it while this one was on its way.
    const refusal = session.accessToken === token ? await renew() : null;
    if (refusal === null) return send(path, init, renewals - 1);
    if (session.refreshToken === null) onSignedOut(refusal);
    return response;
  }

  async function call<Value>(...[method, path, body, options]: CallParameters): Promise<ApiResult<Value>> {
    const response = await send(path, initOf(method, body, options));
    return response === null ? failed(NO_ANSWER) : answerOf<Value>(response);
  }

  return {
    call,
    async open(path, init = {}) {
      const response = await send(path, init);
      if (response === null) return failed(NO_ANSWER);
      return response.ok ? { ok: true, value: response } : answerOf(response);
    },
    ask: post,
    async signIn(path, body) {
      const answer = await post<SessionView>(path, body);
      if (answer.ok) session.begin(answer.value);
      return answer;
    },
    async switchCompany(id) {
      const answer = await call<SessionView>("POST", "/v1/auth/switch-company", { company_id: id });
      // Not while a token of the session before is traded, which would bring that one back.
      if (answer.ok) await tabs.alone(async () => session.begin(answer.value));
      return answer;
    },
    async signOut() {
      await send("/v1/auth/logout", { method: "POST" }, 0);
      session.end();
    },
    resume: renew,
  };
}

type CallParameters = Parameters<ApiClient["call"]>;

function initOf(method: Method, body: unknown, { idempotencyKey, ifMatch }: CallOptions = {}): RequestInit {
  const headers = new Headers();
  if (body !== undefined) headers.set("content-type", "application/json");
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (ifMatch !== undefined) headers.set("if-match", `"${ifMatch}"`);
  return { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

/** A wrong password or code is no end of the session, and counts as a guess each time that it is sent. */
async function isAboutPassword(response: Response): Promise<boolean> {
  const answer = await answerOf(response.clone());
  return !answer.ok && answer.error.code === "invalid_credentials";
}

/** The first may only bring what another tab got, which may have ended too. */
const MAX_RENEWALS = 2;

const NO_SESSION: ApiError = {
  code: "invalid_token",
  message: "Nobody is signed in.",
  param: null,
  requestId: null,
  status: 401,
};

const NO_ANSWER = {
  code: "network",
  message: "No answer from the server. Check your connection and try again.",
  status: 0,
} as const;
