import { GROWN } from "../scenarios/growth.ts";
import { SUBJECT_TITLES } from "../subjects/subject.ts";
import { billOf } from "./bill.ts";
import type { BenchResults } from "./results.ts";

/** The run as a page: one table per figure. */
export function toMarkdown(results: BenchResults): string {
  const { machine } = results;
  return [
    `# Benchmark of ${results.at.slice(0, 10)}`,
    `Commit \`${results.commit}\`${results.isQuick ? ", a quick run" : ""}; ${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.workerd}, load per core at the start ${machine.loadPerCore.toFixed(2)}. Every figure is the median of interleaved rounds of one run; ratios are made within a round. How: [README](README.md).`,
    throughputSection(results),
    streamSection(results),
    bodySection(results),
    processSection(results),
    bundleSection(results),
    accountSection(results),
    authenticationSection(results),
    growthSection(results),
    countSection(results),
    billSection(results),
    soakSection(results),
  ]
    .filter((section) => section !== "")
    .join("\n\n")
    .concat("\n");
}

function throughputSection({ throughput }: BenchResults): string {
  if (throughput.length === 0) return "";
  const directP50 = new Map(
    throughput.filter(({ subject }) => subject === "mock").map(({ connections, p50Ms }) => [connections, p50Ms]),
  );
  return section(
    "Throughput and latency",
    ["", "connections", "requests/s", "× pass-through", "p50 ms", "p95 ms", "p99 ms", "added p50 ms", "CPU ms/request"],
    throughput.map((figure) => [
      SUBJECT_TITLES[figure.subject],
      String(figure.connections),
      whole(figure.requestsPerSecond),
      figure.ratioToPassThrough.toFixed(2),
      fine(figure.p50Ms),
      fine(figure.p95Ms),
      fine(figure.p99Ms),
      fine(figure.p50Ms - (directP50.get(figure.connections) ?? 0)),
      fine(figure.cpuMsPerRequest),
    ]),
    "![Throughput](throughput.svg)",
  );
}

function streamSection({ streams }: BenchResults): string {
  if (streams.length === 0) return "";
  const direct = new Map(
    streams.filter(({ subject }) => subject === "mock").map((figure) => [figure.connections, figure.firstContentP50Ms]),
  );
  return section(
    "Streams",
    [
      "",
      "connections",
      "first content p50 ms",
      "added ms",
      "p95 ms",
      "chunk delay p50 ms",
      "p99 ms",
      "flood: chunks/s",
    ],
    streams.map((figure) => [
      SUBJECT_TITLES[figure.subject],
      String(figure.connections),
      fine(figure.firstContentP50Ms),
      fine(figure.firstContentP50Ms - (direct.get(figure.connections) ?? 0)),
      fine(figure.firstContentP95Ms),
      fine(figure.chunkDelayP50Ms),
      fine(figure.chunkDelayP99Ms),
      whole(figure.floodChunksPerSecond),
    ]),
  );
}

function bodySection({ bodies }: BenchResults): string {
  if (bodies.length === 0) return "";
  return section(
    "Size of the request, 4 connections",
    ["", "prompt bytes", "requests/s", "× pass-through", "p50 ms", "p99 ms", "CPU ms/request"],
    bodies.map((figure) => [
      SUBJECT_TITLES[figure.subject],
      whole(figure.promptBytes),
      fine(figure.requestsPerSecond),
      figure.ratioToPassThrough.toFixed(2),
      fine(figure.p50Ms),
      fine(figure.p99Ms),
      fine(figure.cpuMsPerRequest),
    ]),
  );
}

function processSection({ memoryMiB, coldStartMs }: BenchResults): string {
  return section(
    "Memory and start",
    ["", "MiB at rest", "MiB after load"],
    Object.entries(SUBJECT_TITLES).flatMap(([name, title]) => {
      const atRest = memoryMiB.atRest[name as keyof typeof SUBJECT_TITLES];
      const afterLoad = memoryMiB.afterLoad[name as keyof typeof SUBJECT_TITLES];
      return atRest === undefined || afterLoad === undefined ? [] : [[title, whole(atRest), whole(afterLoad)]];
    }),
    `All Workers in one process listen ${whole(coldStartMs)} ms after it starts.`,
  );
}

function bundleSection({ bundles }: BenchResults): string {
  return section(
    "Bundles",
    ["Worker", "KiB", "KiB gzip"],
    bundles.map(({ worker, bytes, gzipBytes }) => [worker, whole(bytes / 1_024), whole(gzipBytes / 1_024)]),
  );
}

function accountSection({ accounts }: BenchResults): string {
  if (accounts === null) return "";
  return section(
    "The account by itself",
    ["", "reserve + settle per second"],
    [
      ["one account, a call each", whole(accounts.onOneAccount)],
      ["100 accounts, a call each", whole(accounts.overHundredAccounts)],
      ["one account, 16 of each in a call", whole(accounts.grouped)],
    ],
  );
}

function authenticationSection({ authentication }: BenchResults): string {
  if (authentication === null) return "";
  const { calls, cpuMicrosPerCall } = authentication;
  return section(
    "Authentication of a key that is remembered",
    ["", "CPU µs/call"],
    [[`the gateway's \`authenticate\`, ${whole(calls)} calls, in Node`, fine(cpuMicrosPerCall)]],
  );
}

function growthSection({ accounts, grown }: BenchResults): string {
  const account = accounts?.growth ?? null;
  const rows = [
    ...(account === null
      ? []
      : [[`reserve + settle at ${whole(account.entries)} ledger entries`, `${fine(account.ratio)} ×`]]),
    ...(grown === null
      ? []
      : [
          [
            `throughput with ${whole(GROWN.companies)} companies, ${whole(GROWN.models)} models, ${whole(GROWN.keys)} keys`,
            `${fine(grown.throughputRatio)} ×`,
          ],
          [
            "a new key's first request there (read and planned from D1)",
            `${fine(grown.firstRequestMs.grown)} ms, else ${fine(grown.firstRequestMs.small)} ms`,
          ],
        ]),
  ];
  return rows.length === 0 ? "" : section("How cost grows", ["", "against the small platform"], rows);
}

function countSection({ counts }: BenchResults): string {
  if (counts === null) return "";
  const { during, inAll } = counts;
  const per = (name: keyof typeof during): string[] => [
    fine(during[name] / during.requests),
    fine(inAll[name] / inAll.requests),
  ];
  return section(
    "What a request uses",
    ["a streamed chat of 100 ms, none grouped with another", "until its end", "with what follows"],
    [
      ["calls to the account (reserve, dispatch mark, settle)", ...per("accountCalls")],
      ["rows written", ...per("rowsWritten")],
      ["rows read", ...per("rowsRead")],
      ["alarms set", ...per("alarmsSet")],
      ["D1 statements on its way", ...per("d1Statements")],
      ["D1 statements of analytics", ...per("d1StatementsAfter")],
      ["queue messages", ...per("queueMessages")],
      ["Analytics Engine points", ...per("dataPoints")],
      ["calls between Workers", ...per("serviceCalls")],
    ],
  );
}

function billSection({ counts, throughput }: BenchResults): string {
  const busy = throughput.find(({ subject, connections }) => subject === "platform" && connections === 16);
  if (counts === null || busy === undefined) return "";
  const bill = billOf(counts.inAll, busy.cpuMsPerRequest);
  const total = bill.reduce((sum, { usd }) => sum + usd, 0);
  return section(
    "The bill of a million such requests on Cloudflare",
    ["", "per request", "USD per million units", "USD"],
    [
      ...bill.map(({ what, units, usdPerMillionUnits, usd }) => [
        what,
        units.toPrecision(2),
        String(usdPerMillionUnits),
        usd.toFixed(2),
      ]),
      ["in all", "", "", total.toFixed(2)],
    ],
  );
}

function soakSection({ soak }: BenchResults): string {
  if (soak === null) return "";
  return `## Soak\n\n${soak.minutes} minutes at 16 connections, ${whole(soak.requests)} requests: memory of the last quarter against the second ${(soak.growthShare * 100).toFixed(1)}%.`;
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  after: string | null = null,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = line(head.map((_, at) => (at === 0 ? "---" : "---:")));
  const table = [line(head), rule, ...rows.map(line)].join("\n");
  return [`## ${title}`, table, ...(after === null ? [] : [after])].join("\n\n");
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function fine(value: number): string {
  return Math.abs(value) >= 100 ? whole(value) : value.toFixed(2);
}
