import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startBenchPlatform, type Scripts } from "../subjects/platform.ts";
import { chat } from "../subjects/subject.ts";
import { COUNTED, countedWorker } from "./counted-worker.ts";

/** What requests used, by what is paid for. */
export interface RequestCounts {
  readonly requests: number;
  /** Calls of the proxy to the company's account. */
  readonly accountCalls: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly alarmsSet: number;
  /** Statements on D1 by Workers that a request may pass through. */
  readonly d1Statements: number;
  /** The same by those that work on what requests left behind. */
  readonly d1StatementsAfter: number;
  readonly queueMessages: number;
  readonly dataPoints: number;
  /** Calls between Workers, the gateway's to the proxy among them. */
  readonly serviceCalls: number;
}

export interface CountOptions {
  readonly folder: string;
  readonly mockPort: number;
  readonly scripts?: Scripts;
  /** Variables of Workers, by name. */
  readonly env?: Readonly<Record<string, string>>;
  readonly requests: number;
  /** `echo` answers at once; `paced` streams for 100 ms, long enough for its dispatch to be marked. */
  readonly model?: "echo" | "paced";
  /** How long what follows of requests is waited for: the outbox, metrics. */
  readonly aftermathMs: number;
}

/** An ending lingers for milliseconds only. */
const ENDED_MS = 250;

const WORKS_AFTER: ReadonlySet<string> = new Set(["analytics", "notifications"]);

const Line = z.object({ worker: z.string(), what: z.string(), count: z.number() });

/**
 * Counts what warm requests use, one after the other so that none shares a call with another: the most
 * that a request costs. `during` ends with the last answer; `inAll` has what was written after, too.
 */
export async function countRequests(
  options: CountOptions,
): Promise<{ readonly during: RequestCounts; readonly inAll: RequestCounts }> {
  const { folder, mockPort, scripts, env = {}, requests, model = "echo", aftermathMs } = options;
  const platform = await startBenchPlatform({
    folder,
    mockPort,
    env,
    change: countedWorker,
    ...(scripts === undefined ? {} : { scripts }),
  });
  const log = join(folder, "state", "workerd.log");
  try {
    const { path, headers, body } = chat(platform, { model });
    const ask = async (): Promise<void> => {
      const response = await fetch(`http://127.0.0.1:${platform.port}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body,
      });
      if (!response.ok) throw new Error(`a counted request was answered with ${response.status}`);
      await response.text();
    };
    // The first ones find nothing cached, and what they leave behind is not of those that follow.
    for (let warmUp = 0; warmUp < 5; warmUp += 1) await ask();
    await sleep(aftermathMs);
    await ask();
    await sleep(ENDED_MS);
    const from = (await readFile(log, "utf8")).length;
    for (let request = 0; request < requests; request += 1) await ask();
    await sleep(ENDED_MS);
    const during = tally((await readFile(log, "utf8")).slice(from), requests);
    await sleep(aftermathMs);
    const inAll = tally((await readFile(log, "utf8")).slice(from), requests);
    return { during, inAll };
  } finally {
    await platform.stop();
  }
}

function tally(log: string, requests: number): RequestCounts {
  const lines = log
    .split("\n")
    .filter((line) => line.startsWith(COUNTED))
    .map((line) => Line.parse(JSON.parse(line.slice(COUNTED.length))));
  const sum = (matches: (line: z.infer<typeof Line>) => boolean): number =>
    lines.filter(matches).reduce((total, { count }) => total + count, 0);
  return {
    requests,
    accountCalls: sum(({ worker, what }) => worker === "proxy" && what.startsWith("COMPANY_ACCOUNT.")),
    rowsWritten: sum(({ what }) => what.endsWith(".rows_written")),
    rowsRead: sum(({ what }) => what.endsWith(".rows_read")),
    alarmsSet: sum(({ what }) => what.endsWith(".alarm_set")),
    d1Statements: sum(({ worker, what }) => what === "d1_statement" && !WORKS_AFTER.has(worker)),
    d1StatementsAfter: sum(({ worker, what }) => what === "d1_statement" && WORKS_AFTER.has(worker)),
    queueMessages: sum(({ what }) => what.startsWith("queue_message.")),
    dataPoints: sum(({ what }) => what === "data_point"),
    serviceCalls: sum(({ what }) => /^(PROXY|AUTH|ORCHESTRATOR|BILLING|ANALYTICS|NOTIFICATIONS)\./u.test(what)),
  };
}
