import type { Spread } from "@aggregator/contracts/routing";

/** What spreading needs of a planned endpoint. */
export interface Spreadable {
  readonly endpointId: string;
  readonly weight: number;
  readonly spread?: Spread;
}

/** What is known of one request. */
export interface SpreadRequest {
  /** Decides by chance what is to be decided by chance. */
  readonly requestId: string;
  /** Names the conversation; null: it has no name. */
  readonly conversation: string | null;
}

/** What was measured of an endpoint; null: nothing yet. */
export interface EndpointSpeed {
  readonly firstTokenMs: number | null;
  readonly tokensPerSecond: number | null;
}

/** What this isolate has seen of endpoints. */
export interface SpreadSignals {
  speedOf(endpointId: string): EndpointSpeed | undefined;
  /** Requests that are under way there. */
  loadOf(endpointId: string): number;
}

/**
 * Endpoints of a plan in the order for one request: those of a group change places by their model's
 * strategy, all others stay where they are. Where the model is sticky, a conversation finds its endpoint
 * by rendezvous hashing, so that its prompt is in that provider's cache, and an endpoint that comes or
 * goes moves no other conversation. Health comes after this: an endpoint that is down is passed by
 * wherever it stands. The same request gets the same order.
 */
export function spreadEndpoints<Endpoint extends Spreadable>(
  endpoints: readonly Endpoint[],
  request: SpreadRequest,
  signals: SpreadSignals,
): readonly Endpoint[] {
  if (endpoints.every(({ spread }) => spread === undefined)) return endpoints;
  return runsOf(endpoints).flatMap((run) => {
    const spread = run[0]?.spread;
    return spread === undefined ? run : orderGroup(run, spread, request, signals);
  });
}

/** Neighbours of one group together, everything else alone. */
function runsOf<Endpoint extends Spreadable>(endpoints: readonly Endpoint[]): readonly (readonly Endpoint[])[] {
  const runs: Endpoint[][] = [];
  for (const endpoint of endpoints) {
    const run = runs.at(-1);
    const isSame = endpoint.spread !== undefined && run?.[0]?.spread?.group === endpoint.spread.group;
    if (run !== undefined && isSame) run.push(endpoint);
    else runs.push([endpoint]);
  }
  return runs;
}

function orderGroup<Endpoint extends Spreadable>(
  group: readonly Endpoint[],
  { strategy, isSticky }: Spread,
  { requestId, conversation }: SpreadRequest,
  signals: SpreadSignals,
): readonly Endpoint[] {
  if (isSticky && conversation !== null) return byRank(group, (endpoint) => rendezvous(conversation, endpoint));
  switch (strategy) {
    case "weighted":
      return byRank(group, (endpoint) => rendezvous(requestId, endpoint));
    // What was never measured is tried first, or it never would be.
    case "fastest_first_token":
      return byRank(group, ({ endpointId }) => signals.speedOf(endpointId)?.firstTokenMs ?? 0);
    case "fastest_throughput":
      return byRank(group, ({ endpointId }) => -(signals.speedOf(endpointId)?.tokensPerSecond ?? Infinity));
    case "least_loaded":
      return byRank(group, ({ endpointId, weight }) => (signals.loadOf(endpointId) + 1) / Math.max(weight, 1e-9));
    case "priority":
    case "cheapest":
      return group;
  }
}

/** Lowest first; equals stay in their order. */
function byRank<Item>(items: readonly Item[], rankOf: (item: Item) => number): readonly Item[] {
  const ranked = items.map((item) => ({ item, rank: rankOf(item) }));
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).map(({ item }) => item);
}

/**
 * Weighted rendezvous hashing: the endpoint with the lowest score is first for this key, in the share that
 * its weight has of all weights. A weight of 0 is only ever behind the others.
 * https://www.snia.org/sites/default/files/SDC15_presentations/dist_sys/Jason_Resch_New_Consistent_Hashings_Rev.pdf
 */
function rendezvous(key: string, { endpointId, weight }: Spreadable): number {
  if (weight <= 0) return Infinity;
  return -Math.log((hash(`${key}\n${endpointId}`) + 0.5) / 2 ** 32) / weight;
}

/** FNV-1a with the finisher of MurmurHash3, 32 bits: quick and even; nothing secret rests on it. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
