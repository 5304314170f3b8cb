import { Agent, request as startRequest } from "node:http";
import { clockMs } from "../load/connection.ts";
import type { LoadRequest } from "../load/load.ts";
import { summarize, type Summary } from "../load/summary.ts";

export interface OfferedLoad {
  readonly port: number;
  readonly request: LoadRequest;
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** Beyond so many unanswered at once a client is taken to have given up before it sent. */
  readonly maxUnanswered: number;
}

export interface Offered {
  readonly sent: number;
  readonly givenUp: number;
  readonly byStatus: ReadonlyMap<number, number>;
  /** Refusals (429, 503) that do not say when to come back. */
  readonly withoutRetryAfter: number;
  /** What the answers say that they cost, together. */
  readonly costNanoUsd: number;
  /** Of answers with 200, from when each was due: a platform that is behind cannot hide it. */
  readonly latencyMs: Summary;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

const TICK_MS = 5;
const COST = /"cost_nano_usd":(\d+)/u;

/** Open-loop load: requests are sent when they are due, whatever became of those before. */
export async function offerLoad(load: OfferedLoad): Promise<Offered> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.maxUnanswered });
  const total = Math.round((load.ratePerSecond * load.durationMs) / 1_000);
  const tally = new Tally();
  const running = new Set<Promise<void>>();
  const fromMs = clockMs();
  let givenUp = 0;
  for (let due = 0; due < total;) {
    const dueByNow = Math.min(total, Math.ceil(((clockMs() - fromMs) / 1_000) * load.ratePerSecond));
    for (; due < dueByNow; due += 1) {
      if (running.size >= load.maxUnanswered) {
        givenUp += 1;
        continue;
      }
      const dueAtMs = fromMs + (due / load.ratePerSecond) * 1_000;
      const one = sendOne(agent, load, tally, dueAtMs, () => running.delete(one));
      running.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(running);
  agent.destroy();
  return tally.result(total - givenUp, givenUp);
}

async function sendOne(
  agent: Agent,
  load: OfferedLoad,
  tally: Tally,
  dueAtMs: number,
  onEnd: () => void,
): Promise<void> {
  const answer = await send(agent, load);
  tally.add(answer, clockMs() - dueAtMs);
  onEnd();
}

class Tally {
  readonly #byStatus = new Map<number, number>();
  readonly #latencies: number[] = [];
  #withoutRetryAfter = 0;
  #costNanoUsd = 0;

  add({ status, retryAfter, text }: Answer, latencyMs: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    if (status === 200) {
      this.#latencies.push(latencyMs);
      this.#costNanoUsd += Number(COST.exec(text)?.[1] ?? Number.NaN);
    } else if ((status === 429 || status === 503) && !/^[1-9]\d*$/u.test(retryAfter ?? "")) {
      this.#withoutRetryAfter += 1;
    }
  }

  result(sent: number, givenUp: number): Offered {
    return {
      sent,
      givenUp,
      byStatus: this.#byStatus,
      withoutRetryAfter: this.#withoutRetryAfter,
      costNanoUsd: this.#costNanoUsd,
      latencyMs: summarize(this.#latencies),
    };
  }
}

/** One request to its end; status 0 for a connection that broke. */
function send(agent: Agent, { port, request: { path, headers, body } }: OfferedLoad): Promise<Answer> {
  return new Promise((resolve) => {
    const broken = () => resolve({ status: 0, retryAfter: undefined, text: "" });
    const sent = startRequest(
      {
        agent,
        host: "127.0.0.1",
        port,
        path,
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", broken);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            retryAfter: response.headers["retry-after"],
            text: Buffer.concat(pieces).toString(),
          }),
        );
      },
    );
    sent.on("error", broken);
    sent.end(body);
  });
}
