import type { EndpointSpeed, SpreadSignals } from "@aggregator/runtime/spread-endpoints";

/** How much the newest measurement counts. */
const NEWEST = 0.2;
const MAX_KNOWN = 5_000;

/** What this isolate has seen of endpoints: how fast they answered, and what is under way there. A hint for the order. */
export class SeenEndpoints implements SpreadSignals {
  readonly #speeds = new Map<string, EndpointSpeed>();
  readonly #loads = new Map<string, number>();

  speedOf(endpointId: string): EndpointSpeed | undefined {
    return this.#speeds.get(endpointId);
  }

  loadOf(endpointId: string): number {
    return this.#loads.get(endpointId) ?? 0;
  }

  /** A request goes to the endpoint. Call what is returned when it is over, once. */
  begin(endpointId: string): () => void {
    this.#loads.set(endpointId, this.loadOf(endpointId) + 1);
    return () => {
      const left = this.loadOf(endpointId) - 1;
      if (left > 0) this.#loads.set(endpointId, left);
      else this.#loads.delete(endpointId);
    };
  }

  /** An answer came whole; null: could not be measured. */
  note(endpointId: string, { firstTokenMs, tokensPerSecond }: EndpointSpeed): void {
    const before = this.#speeds.get(endpointId);
    if (before === undefined && this.#speeds.size >= MAX_KNOWN) this.#speeds.clear();
    this.#speeds.set(endpointId, {
      firstTokenMs: blend(before?.firstTokenMs ?? null, firstTokenMs),
      tokensPerSecond: blend(before?.tokensPerSecond ?? null, tokensPerSecond),
    });
  }
}

function blend(before: number | null, newest: number | null): number | null {
  if (newest === null || before === null) return newest ?? before;
  return before + NEWEST * (newest - before);
}

/** The isolate's. */
export const seenEndpoints = new SeenEndpoints();
