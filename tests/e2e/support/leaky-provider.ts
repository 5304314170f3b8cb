import { createServer, type ServerResponse } from "node:http";

export interface LeakyProvider {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/**
 * A provider that repeats the credential it was sent wherever it can: in the bodies of its errors, in headers,
 * in an error frame in the middle of a stream. What it does is the `upstream_model`; without one it answers 500.
 */
export async function startLeakyProvider(): Promise<LeakyProvider> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { model = "500" } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { model?: string };
      leak(response, model, request.headers.authorization ?? "no credential");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the provider has no port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function leak(response: ServerResponse, model: string, credential: string): void {
  const error = { message: `Bad key ${credential}`, type: "x", code: `k_${credential.slice(7)}`, param: credential };
  response.setHeader("x-leak", credential);
  if (model === "stream") {
    const content = JSON.stringify({ choices: [{ index: 0, delta: { content: "hello" } }] });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${content}\n\ndata: ${JSON.stringify({ error })}\n\n`);
  } else if (model === "html") {
    response.writeHead(200, { "content-type": "text/html" }).end(`<p>${credential}</p>`);
  } else {
    response.writeHead(Number(model), { "content-type": "application/json" }).end(JSON.stringify({ error }));
  }
}
