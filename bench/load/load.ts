import type { Summary } from "./summary.ts";

/** A request as the load generator sends it. */
export interface LoadRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One stretch of closed-loop load: each connection sends its next request when it has its answer. */
export interface LoadPlan {
  readonly port: number;
  readonly request: LoadRequest;
  readonly connections: number;
  /** Before the measuring begins; the same load, not counted. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Ends the stretch early once so many requests have been counted. */
  readonly maxRequests?: number;
  /** Whether the bodies are event streams that carry the mock's send times. */
  readonly isStream: boolean;
}

export interface LoadResult {
  readonly requests: number;
  readonly errors: number;
  /** A status that was not 200, 0 for a broken connection; null when there was none. */
  readonly firstErrorStatus: number | null;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly latencyMs: Summary;
  /** Streams only: until the first content, each later chunk's way from the mock, and how many passed. */
  readonly firstContentMs: Summary;
  readonly chunkDelayMs: Summary;
  readonly chunksPerSecond: number;
}
