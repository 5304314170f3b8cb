import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { ROOT } from "../tools/workers.ts";
import type { LoadGenerator } from "./load/load-generator.ts";
import type { MockProvider } from "./mock/start-mock.ts";
import { countRequests } from "./counting/count-requests.ts";
import type { BenchOptions } from "./options.ts";
import type { BenchResults } from "./report/results.ts";
import { measureAccounts } from "./scenarios/accounts.ts";
import { measureAuthentication } from "./scenarios/authentication.ts";
import { measureBundles } from "./scenarios/bundle-sizes.ts";
import { type GrownFigures, growthStatements, measureGrown } from "./scenarios/growth.ts";
import { readMemoryMiB } from "./scenarios/process-figures.ts";
import { soak } from "./scenarios/soak.ts";
import { measureStreams } from "./scenarios/streams.ts";
import { measureThroughput } from "./scenarios/throughput.ts";
import { accountDriver } from "./subjects/account-driver.ts";
import { startPassThrough } from "./subjects/pass-through.ts";
import { type BenchPlatform, startBenchPlatform } from "./subjects/platform.ts";
import { startSkeleton } from "./subjects/skeleton.ts";
import { startPortkey } from "./subjects/portkey.ts";
import { chat, type Subject, type SubjectName } from "./subjects/subject.ts";
import { workerdVersion } from "./subjects/workerd.ts";

export interface Bench {
  readonly folder: string;
  readonly mock: MockProvider;
  readonly load: LoadGenerator;
  readonly options: BenchOptions;
  readonly say: (line: string) => void;
}

const CONNECTIONS = [1, 16, 64];
const STREAM_CONNECTIONS = [1, 16];
const BODY_BYTES = [1_000, 100_000, 5_000_000];
const BODY_CONNECTIONS = [4];

/** Starts everything, measures what is asked for, stops everything. */
export async function runBenchmark(bench: Bench): Promise<BenchResults> {
  const { folder, mock, say } = bench;
  const machine = describeMachine();
  say("starting: bundles, platform, peers");
  const platform = await startBenchPlatform({
    folder: join(folder, "platform"),
    mockPort: mock.port,
    extraWorkers: [accountDriver],
  });
  // One after the other: the configuration of each is written by way of a variable of this process.
  const passThrough = await startPassThrough(mock.port, join(folder, "pass-through"));
  const skeleton = await startSkeleton(mock.port, join(folder, "skeleton"));
  const portkey = await startPortkey(mock.port);
  const direct: Subject = {
    name: "mock",
    port: mock.port,
    headers: {},
    pid: mock.pid,
    modelPrefix: "",
    stop: async () => undefined,
  };
  const subjects = [direct, passThrough, skeleton, platform, portkey];
  try {
    const atRest = await memoryOf(subjects);
    await warmUp(subjects, bench);
    const measured = await measure(subjects, platform, bench);
    const alone = await measureAlone(platform, bench);
    return {
      at: new Date().toISOString(),
      commit: commit(),
      isQuick: bench.options.isQuick,
      machine,
      coldStartMs: platform.workerd.startMs,
      memoryMiB: { atRest, afterLoad: measured.afterLoad },
      bundles: measureBundles(platform.scripts),
      ...measured.figures,
      ...alone,
    };
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

/** Code is optimised as it runs; what is measured is what a busy instance does. */
async function warmUp(subjects: readonly Subject[], { load, options, say }: Bench): Promise<void> {
  for (const subject of subjects) {
    say(`warming up: ${subject.name}`);
    await load.run({
      port: subject.port,
      request: chat(subject),
      connections: 16,
      warmUpMs: 0,
      durationMs: subject.name === "platform" ? options.warmUpMs : options.warmUpMs / 3,
      isStream: false,
    });
  }
}

type Figures = Pick<BenchResults, "throughput" | "bodies" | "streams" | "soak">;

async function measure(
  subjects: readonly Subject[],
  platform: Subject,
  { load, options, say }: Bench,
): Promise<{ readonly figures: Figures; readonly afterLoad: BenchResults["memoryMiB"]["afterLoad"] }> {
  const { rounds, roundMs: durationMs, figures } = options;
  say("throughput");
  const throughput = figures.has("throughput")
    ? await measureThroughput(subjects, load, { connections: CONNECTIONS, rounds, durationMs })
    : [];
  const afterLoad = await memoryOf(subjects);
  say("streams");
  const streams = figures.has("streams")
    ? await measureStreams(await streamers(subjects, load, say), load, {
        connections: STREAM_CONNECTIONS,
        rounds: Math.min(rounds, 3),
        durationMs,
      })
    : [];
  const bodies: BenchResults["bodies"][number][] = [];
  for (const promptBytes of figures.has("bodies") ? BODY_BYTES.slice(0, options.isQuick ? 2 : 3) : []) {
    say(`bodies of ${promptBytes} bytes`);
    const measured = await measureThroughput(subjects, load, {
      connections: BODY_CONNECTIONS,
      rounds: Math.min(rounds, 3),
      durationMs,
      promptBytes,
    });
    bodies.push(...measured.map((figure) => ({ ...figure, promptBytes })));
  }
  if (options.soakMs > 0) say("soak");
  const soaked = options.soakMs > 0 ? await soak(platform, load, options.soakMs) : null;
  return { figures: { throughput, bodies, streams, soak: soaked }, afterLoad };
}

/** What is not beside others: the account by itself, a platform with much data, what a request uses. */
async function measureAlone(
  platform: BenchPlatform,
  bench: Bench,
): Promise<Pick<BenchResults, "accounts" | "authentication" | "grown" | "counts">> {
  const { folder, mock, options, say } = bench;
  const { figures, isQuick, rounds, roundMs, ledgerEntries } = options;
  const shared = { mockPort: mock.port, scripts: platform.scripts };
  say("what a request uses");
  const counts = figures.has("counts")
    ? await countRequests({
        ...shared,
        folder: join(folder, "counted"),
        requests: isQuick ? 20 : 100,
        model: "paced",
        aftermathMs: 12_000,
      })
    : null;
  say("growth");
  const grown = figures.has("growth") ? await measureBesideGrown(platform, bench) : null;
  say("the account by itself");
  const accounts = figures.has("accounts")
    ? await measureAccounts(platform, { rounds, roundMs, entries: ledgerEntries, say })
    : null;
  say("authentication");
  const authentication = figures.has("authentication") ? await measureAuthentication(rounds, 10_000) : null;
  return { accounts, authentication, grown, counts };
}

async function measureBesideGrown(
  platform: BenchPlatform,
  { folder, mock, load, options }: Bench,
): Promise<GrownFigures> {
  const grown = await startBenchPlatform({
    folder: join(folder, "grown"),
    mockPort: mock.port,
    scripts: platform.scripts,
    data: growthStatements(Date.now()),
  });
  try {
    return await measureGrown(platform, grown, load, {
      rounds: options.rounds,
      durationMs: options.roundMs,
      warmUpMs: options.warmUpMs,
    });
  } finally {
    await grown.stop();
  }
}

/** Those that can stream as they were installed; whoever cannot is named, not measured. */
async function streamers(
  subjects: readonly Subject[],
  load: LoadGenerator,
  say: Bench["say"],
): Promise<readonly Subject[]> {
  const able: Subject[] = [];
  for (const subject of subjects) {
    const request = chat(subject, { model: "paced" });
    const plan = { port: subject.port, request, connections: 1, warmUpMs: 0, durationMs: 300, isStream: true };
    await load.run(plan).then(
      () => able.push(subject),
      (error: unknown) => say(`${subject.name} does not stream: ${String(error)}`),
    );
  }
  return able;
}

async function memoryOf(subjects: readonly Subject[]): Promise<Readonly<Partial<Record<SubjectName, number>>>> {
  const memory: Partial<Record<SubjectName, number>> = {};
  for (const { name, pid } of subjects) memory[name] = await readMemoryMiB(pid);
  return memory;
}

function describeMachine(): BenchResults["machine"] {
  const [first] = cpus();
  return {
    processor: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    node: process.version,
    workerd: workerdVersion(),
    loadPerCore: (loadavg()[0] ?? 0) / Math.max(1, cpus().length),
  };
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
