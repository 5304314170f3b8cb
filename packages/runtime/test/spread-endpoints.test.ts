import type { RoutingStrategy } from "@aggregator/contracts/routing";
import { describe, expect, it } from "vitest";
import { spreadEndpoints, type Spreadable, type SpreadSignals } from "../src/spread-endpoints.ts";

const NOTHING: SpreadSignals = { speedOf: () => undefined, loadOf: () => 0 };

function endpoint(endpointId: string, strategy: RoutingStrategy, changes: Partial<Spreadable> = {}): Spreadable {
  return { endpointId, weight: 1, spread: { group: 0, strategy, isSticky: false }, ...changes };
}

function orderOf(
  endpoints: readonly Spreadable[],
  { requestId = "r-1", conversation = null as string | null, signals = NOTHING } = {},
): readonly string[] {
  return spreadEndpoints(endpoints, { requestId, conversation }, signals).map(({ endpointId }) => endpointId);
}

/** How often each endpoint is first over 10,000 keys. */
function shares(endpoints: readonly Spreadable[], key: "requestId" | "conversation"): Record<string, number> {
  const first: Record<string, number> = {};
  for (let n = 0; n < 10_000; n += 1) {
    const name = orderOf(endpoints, { [key]: `019ab000-0000-7000-8000-${n}` })[0] ?? "";
    first[name] = (first[name] ?? 0) + 1;
  }
  return first;
}

describe("weighted", () => {
  const [a, b, c] = [
    endpoint("a", "weighted", { weight: 95 }),
    endpoint("b", "weighted", { weight: 5 }),
    endpoint("c", "weighted", { weight: 0 }),
  ];

  it("gives each its share: a new provider its five per cent, one of weight 0 nothing", () => {
    const first = shares([a, b, c], "requestId");
    expect(first["b"]).toBeGreaterThan(400);
    expect(first["b"]).toBeLessThan(600);
    expect(first["c"]).toBeUndefined();
    expect(orderOf([c, a, b]).at(-1)).toBe("c");
  });

  it("decides the same request the same way, however the endpoints come", () => {
    for (let n = 0; n < 50; n += 1) {
      const requestId = `r-${n}`;
      expect(orderOf([a, b, c], { requestId })).toEqual(orderOf([c, b, a], { requestId }));
    }
  });
});

describe("measured strategies", () => {
  const speeds: Record<string, { firstTokenMs: number; tokensPerSecond: number }> = {
    a: { firstTokenMs: 300, tokensPerSecond: 90 },
    b: { firstTokenMs: 100, tokensPerSecond: 30 },
    c: { firstTokenMs: 200, tokensPerSecond: 60 },
  };
  const loads: Record<string, number> = { a: 4, b: 1, c: 2, d: 9 };
  const signals: SpreadSignals = { speedOf: (id) => speeds[id], loadOf: (id) => loads[id] ?? 0 };

  it.each<[RoutingStrategy, readonly string[]]>([
    ["fastest_first_token", ["d", "b", "c", "a"]],
    ["fastest_throughput", ["d", "a", "c", "b"]],
    ["least_loaded", ["b", "c", "a", "d"]],
    ["priority", ["a", "b", "c", "d"]],
    ["cheapest", ["a", "b", "c", "d"]],
  ])("%s: %j, and d was never measured", (strategy, expected) => {
    const endpoints = ["a", "b", "c", "d"].map((id) => endpoint(id, strategy));
    expect(orderOf(endpoints, { signals })).toEqual(expected);
  });

  it("load counts by weight: twice the weight bears twice the load", () => {
    const endpoints = [endpoint("b", "least_loaded"), endpoint("a", "least_loaded", { weight: 10 })];
    expect(orderOf(endpoints, { signals })).toEqual(["a", "b"]);
  });
});

describe("sticky by conversation", () => {
  const sticky = (id: string) =>
    endpoint(id, "weighted", { spread: { group: 0, strategy: "weighted", isSticky: true } });
  const three = [sticky("a"), sticky("b"), sticky("c")];

  it("keeps a conversation at one endpoint whatever the request, and spreads conversations evenly", () => {
    for (let n = 0; n < 50; n += 1) {
      const orders = [1, 2, 3].map((request) =>
        orderOf(three, { requestId: `r-${request}`, conversation: `c-${n}` }).join(),
      );
      expect(new Set(orders).size).toBe(1);
    }
    const first = shares(three, "conversation");
    for (const id of ["a", "b", "c"]) expect(Math.abs((first[id] ?? 0) - 3_333)).toBeLessThan(300);
  });

  it("moves only the conversations of the endpoint that goes", () => {
    for (let n = 0; n < 200; n += 1) {
      const [before, next] = orderOf(three, { conversation: `c-${n}` });
      const left = three.filter(({ endpointId }) => endpointId !== "a");
      expect(orderOf(left, { conversation: `c-${n}` })[0]).toBe(before === "a" ? next : before);
    }
  });

  it("falls back to the request where the conversation has no name", () => {
    const orders = new Set(Array.from({ length: 50 }, (_, n) => orderOf(three, { requestId: `r-${n}` })[0]));
    expect(orders.size).toBe(3);
  });
});

it("groups stay where they are: nobody changes places across them", () => {
  const at = (id: string, group: number) =>
    endpoint(id, "weighted", { spread: { group, strategy: "weighted", isSticky: false } });
  const plain: Spreadable = { endpointId: "x", weight: 1 };
  for (let n = 0; n < 50; n += 1) {
    const order = orderOf([at("a", 0), at("b", 0), plain, at("c", 1), at("d", 1)], { requestId: `r-${n}` });
    expect(order.slice(0, 2).toSorted()).toEqual(["a", "b"]);
    expect(order[2]).toBe("x");
    expect(order.slice(3).toSorted()).toEqual(["c", "d"]);
  }
});
