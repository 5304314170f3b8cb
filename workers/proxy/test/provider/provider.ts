import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestProject } from "vitest/node";
import type { ProviderCall, ProviderScript } from "./script.ts";

export interface RunningProvider {
  readonly url: string;
  readonly stop: () => void;
}

export default async function setup(project: TestProject): Promise<() => void> {
  const { url, stop } = await startProvider();
  project.provide("providerUrl", url);
  return stop;
}

/** A provider over HTTP: `PUT /script/<name>` sets answers in turn, `GET /calls/<name>` tells what came. */
export function startProvider(): Promise<RunningProvider> {
  const scripts = new Map<string, ProviderScript[]>();
  const calls = new Map<string, ProviderCall[]>();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => route(request, response, body));
  });

  function route(request: IncomingMessage, response: ServerResponse, body: string): void {
    const [, root = "", ...rest] = (request.url ?? "").split("/");
    const name = root === "script" || root === "calls" ? (rest[0] ?? "") : root;
    if (root === "script") {
      scripts.set(name, JSON.parse(body) as ProviderScript[]);
      calls.set(name, []);
      response.end();
      return;
    }
    if (root === "calls") {
      response.end(JSON.stringify(calls.get(name) ?? []));
      return;
    }
    const call: ProviderCall = { path: `/${rest.join("/")}`, headers: request.headers, body, closedEarly: false };
    calls.set(name, [...(calls.get(name) ?? []), call]);
    response.on("close", () => {
      if (!response.writableEnded) call.closedEarly = true;
    });
    const queue = scripts.get(name) ?? [];
    const script = queue.length > 1 ? queue.shift() : queue[0];
    void play(response, script ?? { status: 404 });
  }

  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the provider double has no port");
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        stop: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

async function play(response: ServerResponse, script: ProviderScript): Promise<void> {
  const pause = (ms: number | undefined) => new Promise((resolve) => setTimeout(resolve, ms ?? 0));
  if (script.hang === true) return;
  if (script.delayMs !== undefined) await pause(script.delayMs);
  response.writeHead(script.status ?? 200, { "content-type": "application/json", ...script.headers });
  response.flushHeaders();
  const chunks = script.base64Chunks?.map((chunk) => Buffer.from(chunk, "base64")) ?? script.chunks ?? [];
  for (let round = 0; round < (script.repeat ?? 1); round += 1) {
    for (const chunk of chunks) {
      if (response.destroyed) return;
      if (!response.write(chunk)) await new Promise((resolve) => response.once("drain", resolve));
      if (script.betweenMs !== undefined) await pause(script.betweenMs);
    }
  }
  if (script.cut === true) {
    await pause(20);
    response.destroy();
  } else if (script.stall !== true) response.end();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

declare module "vitest" {
  interface ProvidedContext {
    providerUrl: string;
  }
}
