import type { LoadGenerator } from "../load/load-generator.ts";
import { median } from "../load/summary.ts";
import { chat, type Subject, type SubjectName } from "../subjects/subject.ts";
import { readCpuMs } from "./process-figures.ts";

export interface ThroughputFigure {
  readonly subject: SubjectName;
  readonly connections: number;
  /** Medians over the rounds. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Processor time of the subject's own process per request. */
  readonly cpuMsPerRequest: number;
  /** Median of the rounds' own ratios to the pass-through Worker's throughput. */
  readonly ratioToPassThrough: number;
  readonly rounds: readonly number[];
}

export interface ThroughputOptions {
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly durationMs: number;
  readonly promptBytes?: number;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cpuMs: number;
}

/**
 * Throughput and latency, in rounds: in each every subject is loaded for a short while, in turn, the order
 * rotating, so that what disturbs the machine disturbs all. Ratios are made within a round.
 */
export async function measureThroughput(
  subjects: readonly Subject[],
  load: LoadGenerator,
  { connections, rounds, durationMs, promptBytes }: ThroughputOptions,
): Promise<readonly ThroughputFigure[]> {
  const figures: ThroughputFigure[] = [];
  for (const count of connections) {
    const measured = new Map<SubjectName, Round[]>(subjects.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of rotated(subjects, round)) {
        measured.get(subject.name)?.push(await measureRound(subject, load, count, durationMs, promptBytes));
      }
    }
    figures.push(...subjects.map(({ name }) => figureOf(name, count, measured)));
  }
  return figures;
}

async function measureRound(
  subject: Subject,
  load: LoadGenerator,
  connections: number,
  durationMs: number,
  promptBytes: number | undefined,
): Promise<Round> {
  const cpuBefore = await readCpuMs(subject.pid);
  const warmUpMs = Math.min(300, durationMs / 3);
  const { requestsPerSecond, requests, latencyMs, seconds } = await load.run({
    port: subject.port,
    request: chat(subject, promptBytes === undefined ? {} : { promptBytes }),
    connections,
    warmUpMs,
    durationMs,
    isStream: false,
  });
  // The processor's time covers the warm-up too, at the same rate.
  const share = (seconds * 1_000) / (seconds * 1_000 + warmUpMs);
  const cpuMs = (((await readCpuMs(subject.pid)) - cpuBefore) * share) / Math.max(1, requests);
  return { requestsPerSecond, cpuMs, p50: latencyMs.p50, p95: latencyMs.p95, p99: latencyMs.p99 };
}

function figureOf(
  subject: SubjectName,
  connections: number,
  measured: ReadonlyMap<SubjectName, readonly Round[]>,
): ThroughputFigure {
  const rounds = measured.get(subject) ?? [];
  const floor = measured.get("pass-through") ?? [];
  const middle = (valueOf: (round: Round) => number): number => median(rounds.map(valueOf));
  return {
    subject,
    connections,
    requestsPerSecond: middle((round) => round.requestsPerSecond),
    p50Ms: middle((round) => round.p50),
    p95Ms: middle((round) => round.p95),
    p99Ms: middle((round) => round.p99),
    cpuMsPerRequest: middle((round) => round.cpuMs),
    ratioToPassThrough: median(
      rounds.map((round, at) => round.requestsPerSecond / (floor[at]?.requestsPerSecond ?? Infinity)),
    ),
    rounds: rounds.map((round) => round.requestsPerSecond),
  };
}

function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
