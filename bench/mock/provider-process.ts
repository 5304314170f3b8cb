import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { clockMs } from "../load/connection.ts";
import { contentChunk, STREAM_END, WHOLE_ANSWER } from "./answers.ts";

/** Content chunks of a stream by the upstream model's name, and the pause between two. */
const STREAMS = {
  paced: { chunks: 20, pauseMs: 5 },
  flood: { chunks: 2_000, pauseMs: 0 },
} as const;

/**
 * The mock provider's own process: answers chats at once and as cheaply as Node's HTTP server can, since
 * every gateway waits for it. Streams by the model's name: `paced` or `flood`.
 */
const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const start = pieces[0]?.toString("latin1", 0, 4_096) ?? "";
    const end = pieces.at(-1)?.toString("latin1").slice(-512) ?? "";
    const kind = /"model":\s*"(paced|flood)"/u.exec(start + end)?.[1];
    if (kind === "paced" || kind === "flood") void stream(response, STREAMS[kind]);
    else {
      response.writeHead(200, { "content-type": "application/json", "content-length": WHOLE_ANSWER.length });
      response.end(WHOLE_ANSWER);
    }
  });
});

async function stream(
  response: ServerResponse,
  { chunks, pauseMs }: { readonly chunks: number; readonly pauseMs: number },
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (let sent = 0; sent < chunks && !response.destroyed; sent += 1) {
    const hasRoom = response.write(contentChunk(clockMs()));
    if (pauseMs > 0) await sleep(pauseMs);
    else if (!hasRoom) await new Promise((resolve) => response.once("drain", resolve));
  }
  response.end(STREAM_END);
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(address !== null && typeof address === "object" ? address.port : 0);
});
