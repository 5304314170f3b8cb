import type { LoadGenerator } from "../load/load-generator.ts";
import type { LoadResult } from "../load/load.ts";
import { median } from "../load/summary.ts";
import { chat, type Subject, type SubjectName } from "../subjects/subject.ts";

export interface StreamFigure {
  readonly subject: SubjectName;
  readonly connections: number;
  /** From sending the request to the first content, medians over the rounds. */
  readonly firstContentP50Ms: number;
  readonly firstContentP95Ms: number;
  /** A later chunk's way from the provider to the client. */
  readonly chunkDelayP50Ms: number;
  readonly chunkDelayP99Ms: number;
  /** With streams of 2,000 chunks sent as fast as they are taken. */
  readonly floodChunksPerSecond: number;
}

export interface StreamOptions {
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly durationMs: number;
}

/** Streams: paced ones (20 chunks, 5 ms apart) for delay, floods for capacity; rounds as in throughput. */
export async function measureStreams(
  subjects: readonly Subject[],
  load: LoadGenerator,
  { connections, rounds, durationMs }: StreamOptions,
): Promise<readonly StreamFigure[]> {
  const figures: StreamFigure[] = [];
  for (const count of connections) {
    const paced = new Map<SubjectName, LoadResult[]>();
    const floods = new Map<SubjectName, LoadResult[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of subjects) {
        const run = (model: "paced" | "flood"): Promise<LoadResult> =>
          load.run({
            port: subject.port,
            request: chat(subject, { model }),
            connections: count,
            warmUpMs: durationMs / 5,
            durationMs,
            isStream: true,
          });
        paced.set(subject.name, [...(paced.get(subject.name) ?? []), await run("paced")]);
        floods.set(subject.name, [...(floods.get(subject.name) ?? []), await run("flood")]);
      }
    }
    figures.push(
      ...subjects.map(({ name }) => {
        const middle = (valueOf: (result: LoadResult) => number): number =>
          median((paced.get(name) ?? []).map(valueOf));
        return {
          subject: name,
          connections: count,
          firstContentP50Ms: middle((result) => result.firstContentMs.p50),
          firstContentP95Ms: middle((result) => result.firstContentMs.p95),
          chunkDelayP50Ms: middle((result) => result.chunkDelayMs.p50),
          chunkDelayP99Ms: middle((result) => result.chunkDelayMs.p99),
          floodChunksPerSecond: median((floods.get(name) ?? []).map((result) => result.chunksPerSecond)),
        };
      }),
    );
  }
  return figures;
}
