import type { RequestView } from "@aggregator/contracts/billing";

export type Tone = "good" | "bad" | "warn" | "plain";

export interface RequestState {
  readonly tone: Tone;
  readonly text: string;
}

/** How a request ended, in a word or its status. */
export function requestState(request: Pick<RequestView, "state" | "status" | "client_disconnected">): RequestState {
  if (request.state === "held") return { tone: "warn", text: "Running" };
  if (request.client_disconnected) return { tone: "plain", text: "Client left" };
  if (request.status === null) return { tone: "plain", text: request.state === "expired" ? "Cut off" : "Ended" };
  return { tone: request.status < 400 ? "good" : "bad", text: String(request.status) };
}

/** Where an attempt stands between the request's beginning and end, as shares of its time (0–1). */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** Lays attempts out in the time that they took together. */
export function spansOf(
  attempts: readonly { readonly startedAtMs: number; readonly durationMs: number }[],
): readonly Span[] {
  const begin = Math.min(...attempts.map(({ startedAtMs }) => startedAtMs));
  const end = Math.max(...attempts.map(({ startedAtMs, durationMs }) => startedAtMs + durationMs));
  const total = Math.max(1, end - begin);
  return attempts.map(({ startedAtMs, durationMs }) => ({
    start: (startedAtMs - begin) / total,
    length: Math.max(0.01, Math.min(durationMs / total, 1)),
  }));
}

/** Classes that are counted by the piece or the second. */
const NOT_TOKENS: readonly string[] = ["request", "image", "audio_second"];

/** All tokens of a request; classes are disjoint. */
export function tokensOf(usage: RequestView["usage"]): number {
  return Object.entries(usage ?? {})
    .filter(([name]) => !NOT_TOKENS.includes(name))
    .reduce((sum, [, units]) => sum + units, 0);
}
