/** What the API refused, in its own words. `code` is `network` and `status` 0 when no answer came. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly requestId: string | null;
  readonly status: number;
  /** A second factor is asked for: with this and a code the sign-in goes on. */
  readonly challengeToken?: string;
}

export type ApiResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ApiError };

export interface PageBody<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

interface ErrorBody {
  readonly error: { readonly code: string | null; readonly message: string; readonly param: string | null };
  readonly challenge_token?: string;
}

/** The body of an answer of our API, or what it refused. */
export async function answerOf<Value>(response: Response): Promise<ApiResult<Value>> {
  const text = await response.text();
  const { status } = response;
  if (response.ok) return { ok: true, value: trusted<Value>(text === "" ? "null" : text) };
  const requestId = response.headers.get("x-request-id");
  try {
    const { error, challenge_token: challengeToken } = trusted<ErrorBody>(text);
    const said = { code: error.code ?? "error", message: error.message, param: error.param ?? null, requestId, status };
    return { ok: false, error: challengeToken === undefined ? said : { ...said, challengeToken } };
  } catch {
    return failed(
      { code: "unreadable", message: `The server answered ${status} without a reason.`, status },
      requestId,
    );
  }
}

export function failed(
  error: Pick<ApiError, "code" | "message" | "status">,
  requestId: string | null = null,
): { readonly ok: false; readonly error: ApiError } {
  return { ok: false, error: { ...error, param: null, requestId } };
}

/** The only place that trusts the wire: it is our own origin's API, described by the contracts' views. */
export function trusted<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}
