import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type ApiAnswer, answerApi } from "./api.ts";
import { Books } from "./books.ts";
import { type Call, control, type Fault, Order } from "./control.ts";

/**
 * A local Stripe that keeps state, signs its events with Stripe's own scheme and misbehaves on demand. Tests
 * act as its customers and banks under `/double/`; the platform talks to `/v1/` by the official package.
 */
export function createStripeDouble(webhookSecret: string): Server {
  const books = new Books();
  const answers = new Map<string, { readonly params: string; readonly answer: ApiAnswer }>();
  const faults: Fault[] = [];
  const calls: Call[] = [];
  return createServer((request, response) => {
    void read(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://double");
      if (!url.pathname.startsWith("/double/")) return send(response, serve(request, url, body));
      const order = Order.parse(body === "" ? {} : JSON.parse(body));
      const told = control({ books, faults, calls, webhookSecret }, url.pathname.slice("/double/".length), order);
      return send(response, { status: 200, body: told });
    });
  });

  function serve(request: IncomingMessage, url: URL, body: string): ApiAnswer | null {
    const method = request.method ?? "GET";
    const call = `${method} ${url.pathname}`;
    const key = headerOf(request, "idempotency-key");
    calls.push({ call, idempotencyKey: key });
    const said = decodeURIComponent(`${url.href} ${body}`);
    const fault = faults.find(({ match, about, times }) => times > 0 && call.startsWith(match) && said.includes(about));
    if (fault !== undefined) fault.times -= 1;
    if (fault?.kind === "error") return { status: 500, body: { error: { type: "api_error", message: "broken" } } };
    const known = key === null ? undefined : answers.get(`${call} ${key}`);
    const params = method === "GET" ? url.searchParams : new URLSearchParams(body);
    if (known !== undefined && known.params !== params.toString()) return REUSED_KEY;
    const answer = known?.answer ?? snapshot(answerApi(books, { method, path: url.pathname, params }));
    if (key !== null) answers.set(`${call} ${key}`, { params: params.toString(), answer });
    return fault?.kind === "lose_reply" ? null : answer;
  }
}

/** Stripe repeats its first answer word for word, and refuses a key that comes back with other parameters. */
function snapshot(answer: ApiAnswer): ApiAnswer {
  return structuredClone(answer);
}

const REUSED_KEY: ApiAnswer = {
  status: 400,
  body: {
    error: {
      type: "idempotency_error",
      message: "Keys for idempotent requests can only be used with the same parameters",
    },
  },
};

async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** null: the answer is lost, the connection stays open until the client gives up. */
function send(response: ServerResponse, answer: ApiAnswer | null): void {
  if (answer === null) return;
  response.writeHead(answer.status, { "content-type": "application/json", "request-id": "req_double" });
  response.end(JSON.stringify(answer.body));
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
