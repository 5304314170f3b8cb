import { clockMs, Connection, type Exchange } from "./connection.ts";
import type { LoadPlan, LoadRequest, LoadResult } from "./load.ts";
import { summarize } from "./summary.ts";

/** Drives one stretch of load and says how it went. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const connections = await Promise.all(Array.from({ length: plan.connections }, () => Connection.open(plan.port)));
  const request = encodeRequest(plan.request);
  const fromMs = clockMs() + plan.warmUpMs;
  const tally = new Tally(fromMs, fromMs + plan.durationMs, plan.maxRequests ?? Infinity);
  await Promise.all(connections.map((connection) => drive(connection, request, tally, plan.isStream)));
  for (const connection of connections) connection.close();
  return tally.result();
}

async function drive(connection: Connection, request: Buffer, tally: Tally, isStream: boolean): Promise<void> {
  for (;;) {
    const reader = isStream ? new StreamReader(tally) : null;
    const exchange = await new Promise<Exchange>((resolve) => {
      connection.send(request, {
        onBody: reader === null ? null : (bytes, atMs) => reader.take(bytes, atMs),
        onEnd: resolve,
      });
    });
    if (!tally.add(exchange, reader)) return;
  }
}

/** Collects what ends between two moments; chunks count as they come, for a stream may outlast the stretch. */
class Tally {
  readonly #fromMs: number;
  readonly #untilMs: number;
  readonly #maxRequests: number;
  readonly #latencies: number[] = [];
  readonly #firstContents: number[] = [];
  readonly #chunkDelays: number[] = [];
  #chunks = 0;
  #errors = 0;
  #firstErrorStatus: number | null = null;
  #lastMs = 0;

  constructor(fromMs: number, untilMs: number, maxRequests: number) {
    this.#fromMs = fromMs;
    this.#untilMs = untilMs;
    this.#maxRequests = maxRequests;
  }

  /** Whether the connection should go on. */
  add({ sentAtMs, endedAtMs, status }: Exchange, stream: StreamReader | null): boolean {
    if (status !== 200) {
      this.#errors += 1;
      this.#firstErrorStatus ??= status;
      // A broken connection cannot be used again, and a refused request would only be refused again at once.
      return false;
    }
    if (endedAtMs >= this.#fromMs && endedAtMs < this.#untilMs && this.#latencies.length < this.#maxRequests) {
      this.#latencies.push(endedAtMs - sentAtMs);
      this.#lastMs = endedAtMs;
      if (stream !== null) {
        if (stream.firstContentAtMs !== null) this.#firstContents.push(stream.firstContentAtMs - sentAtMs);
        for (const delay of stream.delays) this.#chunkDelays.push(delay);
      }
    }
    return endedAtMs < this.#untilMs && this.#latencies.length < this.#maxRequests;
  }

  addChunk(atMs: number): void {
    if (atMs >= this.#fromMs && atMs < this.#untilMs) this.#chunks += 1;
  }

  result(): LoadResult {
    const isCut = this.#latencies.length >= this.#maxRequests;
    const seconds = Math.max(1e-3, ((isCut ? this.#lastMs : this.#untilMs) - this.#fromMs) / 1_000);
    return {
      requests: this.#latencies.length,
      errors: this.#errors,
      firstErrorStatus: this.#firstErrorStatus,
      seconds,
      requestsPerSecond: this.#latencies.length / seconds,
      latencyMs: summarize(this.#latencies),
      firstContentMs: summarize(this.#firstContents),
      chunkDelayMs: summarize(this.#chunkDelays),
      chunksPerSecond: this.#chunks / seconds,
    };
  }
}

/** Finds in an event stream when content came and when the mock had sent it. */
class StreamReader {
  firstContentAtMs: number | null = null;
  readonly delays: number[] = [];
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  take(bytes: Buffer, atMs: number): void {
    const text = bytes.toString("latin1");
    for (const match of text.matchAll(/"content":"@([\d.]+)@/gu)) {
      this.#tally.addChunk(atMs);
      if (this.firstContentAtMs === null) this.firstContentAtMs = atMs;
      else this.delays.push(Math.max(0, atMs - Number(match[1])));
    }
  }
}

function encodeRequest({ path, headers, body }: LoadRequest): Buffer {
  const content = Buffer.from(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "content-type: application/json",
    `content-length: ${content.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), content]);
}
