import { exports } from "cloudflare:workers";

const ORIGIN = "https://api.example";

/** Sends a request to the gateway under test. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, { redirect: "manual", ...init }));
}

/** A chat request with a key. */
export function chat(
  token: string,
  init: { headers?: Record<string, string>; body?: BodyInit } = {},
): Promise<Response> {
  return send("/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...init.headers },
    body: init.body ?? JSON.stringify({ model: "sandbox/echo", messages: [{ role: "user", content: "hi" }] }),
  });
}

/** A management request with a JSON body. */
export function sendJson(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return send(path, {
    method,
    headers: { authorization: "Bearer token", "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
  readonly request_id: string;
}

/** Status, code and param of a refusal, once its shape is checked against its own request id. */
export async function refusal(response: Response): Promise<{ status: number; code: string; param: string | null }> {
  const body: OpenAiError = await response.json();
  if (body.request_id !== response.headers.get("x-request-id")) throw new Error("the request ids differ");
  return { status: response.status, code: body.error.code, param: body.error.param };
}
