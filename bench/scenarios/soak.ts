import type { LoadGenerator } from "../load/load-generator.ts";
import { chat, type Subject } from "../subjects/subject.ts";
import { readMemoryMiB } from "./process-figures.ts";

export interface SoakFigure {
  readonly minutes: number;
  readonly requests: number;
  /** Memory of the subject's process after each stretch. */
  readonly memoryMiB: readonly number[];
  /** The last quarter's mean against the second quarter's: the first quarter is warm-up. */
  readonly growthShare: number;
}

const STRETCH_MS = 10_000;

/** Loads the subject for a long time and watches its memory. */
export async function soak(subject: Subject, load: LoadGenerator, durationMs: number): Promise<SoakFigure> {
  const memoryMiB: number[] = [];
  let requests = 0;
  for (let spentMs = 0; spentMs < durationMs; spentMs += STRETCH_MS) {
    const result = await load.run({
      port: subject.port,
      request: chat(subject),
      connections: 16,
      warmUpMs: 0,
      durationMs: Math.min(STRETCH_MS, durationMs - spentMs),
      isStream: false,
    });
    requests += result.requests;
    memoryMiB.push(await readMemoryMiB(subject.pid));
  }
  const quarter = Math.max(1, Math.floor(memoryMiB.length / 4));
  const growthShare = mean(memoryMiB.slice(-quarter)) / mean(memoryMiB.slice(quarter, 2 * quarter)) - 1;
  return { minutes: durationMs / 60_000, requests, memoryMiB, growthShare };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
