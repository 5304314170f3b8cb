import { createServer } from "node:http";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    collectorUrl: string;
  }
}

/**
 * An OTLP/HTTP collector over HTTP: `POST /<name>/v1/traces` keeps a body under the name, `GET /<name>` gives
 * all of them as a JSON array. Under the name `hangs` it never answers.
 */
export default function setup(project: TestProject): Promise<() => void> {
  const bodies = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [, name = ""] = (request.url ?? "").split("/");
      const kept = bodies.get(name) ?? [];
      if (request.method === "GET") response.end(`[${kept.join(",")}]`);
      else {
        bodies.set(name, [...kept, Buffer.concat(chunks).toString()]);
        if (name !== "hangs") response.end("{}");
      }
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the collector has no port");
      project.provide("collectorUrl", `http://127.0.0.1:${address.port}`);
      resolve(() => {
        server.closeAllConnections();
        server.close();
      });
    });
  });
}
