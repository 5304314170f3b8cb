import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestProject } from "vitest/node";

/** What a receiver got. */
export interface ReceivedCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    receiverUrl: string;
  }
}

/**
 * A company's own server over HTTP. `PUT /script/<name>` sets the statuses it answers in turn (the last
 * repeats; 0 never answers), `GET /calls/<name>` tells what came to `POST /<name>`.
 */
export default function setup(project: TestProject): Promise<() => void> {
  const scripts = new Map<string, number[]>();
  const calls = new Map<string, ReceivedCall[]>();
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const [, first = "", second = ""] = (request.url ?? "").split("/");
    if (first === "script") {
      scripts.set(second, JSON.parse(body) as number[]);
      calls.set(second, []);
      response.end();
      return;
    }
    if (first === "calls") {
      response.end(JSON.stringify(calls.get(second) ?? []));
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    calls.set(first, [...(calls.get(first) ?? []), { headers, body }]);
    const script = scripts.get(first) ?? [200];
    const status = (script.length > 1 ? script.shift() : script[0]) ?? 200;
    if (status === 0) return;
    response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {});
    response.end("an answer that nobody keeps");
  }

  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the receiver has no port");
      project.provide("receiverUrl", `http://127.0.0.1:${address.port}`);
      resolve(() => {
        server.closeAllConnections();
        server.close();
      });
    });
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
