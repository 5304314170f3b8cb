import { createServer } from "node:http";
import { appendFile } from "node:fs/promises";

export interface TraceFile {
  /** As OTLP_ENDPOINT. */
  readonly url: string;
  stop(): Promise<void>;
}

/** An OTLP/HTTP collector that appends each export as a line to `path`. */
export async function startTraceFile(path: string): Promise<TraceFile> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void appendFile(path, `${Buffer.concat(chunks).toString("utf8")}\n`).then(() => response.end("{}"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the collector has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
