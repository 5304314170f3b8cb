import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { SharedEndpointHealth } from "@aggregator/contracts/provider-health";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LocalHealth } from "../src/health/local-health.ts";
import { LoadShedder } from "../src/health/load-shedder.ts";
import { SharedHealth } from "../src/health/shared-health.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer } from "./support/wire.ts";

const scene = new Scene();
const a = scene.endpoint("a");
const b = scene.endpoint("b");
const slugs = (endpoints: readonly PlannedEndpoint[]) => endpoints.map((endpoint) => endpoint.provider).join("");
const note = (outcome: AttemptOutcome, status: number | null = null) => ({ outcome, status, retryAfterMs: null });
const byo = (endpoint: PlannedEndpoint): PlannedEndpoint => ({
  ...endpoint,
  credential: { ...endpoint.credential, id: `own-${endpoint.credential.id}`, owner: "company" },
});

function heard(...endpoints: readonly (Partial<SharedEndpointHealth> & { endpointId: string })[]) {
  const shared = new SharedHealth();
  const full = endpoints.map((one) => ({ share: 0, openUntilMs: 0, mayProbe: false, failureRatio: 1, ...one }));
  shared.hear({ endpoints: full, credentials: [] }, [], 1_000);
  return shared;
}

describe("what all isolates have seen", () => {
  it("passes an open endpoint by until its time, however old the news", () => {
    const health = new LocalHealth(() => 0.5, heard({ endpointId: a.endpointId, openUntilMs: 60_000 }));
    expect(slugs(health.sort([a, b], 59_999))).toBe("ba");
    expect(slugs(health.sort([a, b], 60_001))).toBe("ab");
  });

  it("passes a half-open endpoint by, except with the probe that this isolate has, once", () => {
    const without = new LocalHealth(() => 0.5, heard({ endpointId: a.endpointId }));
    expect(slugs(without.sort([a, b], 2_000))).toBe("ba");
    const holder = new LocalHealth(() => 0.5, heard({ endpointId: a.endpointId, mayProbe: true }));
    expect([slugs(holder.sort([a, b], 2_000)), slugs(holder.sort([a, b], 2_001))]).toEqual(["ab", "ba"]);
  });

  it.each([
    [0.09, "ab"],
    [0.11, "ba"],
  ])("gives an endpoint on its way back its share (chance %d: %s)", (random, order) => {
    const health = new LocalHealth(() => random, heard({ endpointId: a.endpointId, share: 0.1 }));
    expect(slugs(health.sort([a, b], 2_000))).toBe(order);
  });

  it("lets an endpoint come back that tripped here for longer", () => {
    const shared = heard({ endpointId: a.endpointId, share: 0.5 });
    const health = new LocalHealth(() => 0.4, shared);
    for (let time = 0; time < 5; time += 1) health.note(a, note("server_error", 500), 1_000);
    expect(slugs(health.sort([a, b], 2_000))).toBe("ab");
    expect(slugs(health.sort([a, b], 7_000))).toBe("ba");
  });

  it("says nothing of shares when it is older than five seconds: then this isolate decides alone", () => {
    const health = new LocalHealth(() => 0.5, heard({ endpointId: a.endpointId, share: 0.1 }));
    expect(slugs(health.sort([a, b], 6_000))).toBe("ba");
    expect(slugs(health.sort([a, b], 6_001))).toBe("ab");
  });

  it("sets a credential aside for every isolate, and takes it back once it works", () => {
    const shared = new SharedHealth();
    shared.hear({ endpoints: [], credentials: [{ credentialId: a.credential.id, untilMs: 90_000 }] }, [], 1_000);
    const health = new LocalHealth(() => 0.5, shared);
    expect(slugs(health.sort([a, b], 2_000))).toBe("ba");
    health.note(a, note("success"), 3_000);
    expect(slugs(health.sort([a, b], 3_001))).toBe("ab");
    expect(shared.take().credentials).toMatchObject([{ credentialId: a.credential.id, signal: "accepted" }]);
  });

  it("is forgotten of what a later answer does not name", () => {
    const shared = heard({ endpointId: a.endpointId, openUntilMs: 60_000 });
    shared.watch([a]);
    shared.hear({ endpoints: [], credentials: [] }, shared.take().watched, 2_000);
    expect(shared.standing(a.endpointId, 2_001)).toBe("well");
  });
});

describe("what this isolate tells", () => {
  const tellOf = (endpoint: PlannedEndpoint, ...outcomes: readonly [AttemptOutcome, number | null][]) => {
    const shared = new SharedHealth();
    const health = new LocalHealth(() => 0.5, shared);
    const urgent = outcomes.map(([outcome, status]) => health.note(endpoint, note(outcome, status), 1_000));
    return { report: shared.take(), urgent };
  };

  it("is counts per endpoint, with the failures since the last success", () => {
    const { report } = tellOf(a, ["success", 200], ["server_error", 500], ["success", 200], ["cut_stream", 200]);
    expect(report.endpoints).toEqual([
      { endpointId: a.endpointId, provider: "a", successes: 2, failures: 2, trailingFailures: 1 },
    ]);
  });

  it("is told at once when an endpoint trips, and only then", () => {
    const failures = Array.from({ length: 7 }, (): [AttemptOutcome, number] => ["server_error", 500]);
    expect(tellOf(a, ...failures).urgent).toEqual([false, false, false, false, true, false, false]);
  });

  it.each<[outcome: AttemptOutcome, status: number, signal: string, isUrgent: boolean]>([
    ["rate_limited", 429, "rate_limited", false],
    ["credential_rejected", 401, "rejected", true],
    ["credential_rejected", 403, "forbidden", true],
    ["out_of_credit", 402, "out_of_credit", true],
  ])("is of a credential that had %s (%d): %s", (outcome, status, signal, isUrgent) => {
    const { report, urgent } = tellOf(a, [outcome, status]);
    expect(report).toMatchObject({ endpoints: [], credentials: [{ credentialId: a.credential.id, signal }] });
    expect(urgent).toEqual([isUrgent]);
  });

  it.each<[AttemptOutcome, number | null]>([
    ["client_error", 400],
    ["client_disconnected", null],
    ["cancelled", null],
    ["total_timeout", null],
  ])("is nothing of what a client caused: %s", (outcome, status) => {
    expect(tellOf(a, [outcome, status]).report).toEqual({ watched: [], endpoints: [], credentials: [] });
  });

  it.each<[AttemptOutcome, number | null]>([
    ["server_error", 500],
    ["success", 200],
    ["rate_limited", 429],
    ["credential_rejected", 401],
    ["out_of_credit", 402],
  ])("is nothing of what a company's own credential met: %s", (outcome, status) => {
    const six = Array.from({ length: 6 }, (): [AttemptOutcome, number | null] => [outcome, status]);
    const { report, urgent } = tellOf(byo(a), ...six);
    expect(report).toEqual({ watched: [], endpoints: [], credentials: [] });
    expect(urgent).not.toContain(true);
  });

  it("a company's own credential that fails does not close the endpoint to others", () => {
    const health = new LocalHealth(() => 0.5);
    for (let time = 0; time < 6; time += 1) health.note(byo(a), note("server_error", 500), 1_000);
    expect(slugs(health.sort([a, b], 1_001))).toBe("ab");
    expect(slugs(health.sort([byo(a), b], 1_001))).toBe("ba");
  });
});

describe("when every endpoint is down", () => {
  const bothOpen = () =>
    heard(
      { endpointId: a.endpointId, openUntilMs: 60_000, failureRatio: 0.9 },
      { endpointId: b.endpointId, openUntilMs: 60_000, failureRatio: 0.6 },
    );

  it("the least bad is tried first", () => {
    expect(slugs(new LocalHealth(() => 0.5, bothOpen()).sort([a, b], 2_000))).toBe("ba");
  });

  it("some of a load pass and some are refused, never none and never all", () => {
    let at = 0;
    const random = () => (at = (at + 0.618_034) % 1);
    const health = new LocalHealth(random, bothOpen());
    const passed = Array.from({ length: 1_000 }, () => health.select([a, b], 2_000)).filter(({ isShed }) => !isShed);
    expect(passed.length).toBeGreaterThan(100);
    expect(passed.length).toBeLessThan(300);
  });

  it("a few requests in a second are no load, and all of them pass", () => {
    const shedder = new LoadShedder(() => 0.99);
    const passes = (nowMs: number) =>
      Array.from({ length: 9 }, () => shedder.passes("e", nowMs)).filter(Boolean).length;
    expect([passes(0), passes(999), passes(1_000)]).toEqual([5, 0, 5]);
  });

  it("nothing is refused while one is up, or only a credential cools", () => {
    const health = new LocalHealth(() => 0.99, heard({ endpointId: a.endpointId, openUntilMs: 60_000 }));
    const shed = () => Array.from({ length: 50 }, () => health.select([a, b], 2_000)).some(({ isShed }) => isShed);
    expect(shed()).toBe(false);
    health.note(b, note("rate_limited", 429), 2_000);
    expect(shed()).toBe(false);
  });
});

describe("an isolate", () => {
  const orchestrator = env.ORCHESTRATOR;
  const reports = async () => orchestrator.healthReports();
  const allWell = { endpoints: [], credentials: [] };
  beforeEach(() => orchestrator.scriptHealth(allWell));

  it("reports once for many requests, whatever their number, and never on their way", async () => {
    const one = await Scene.withOne(chatAnswer());
    for (let request = 1; request <= 12; request += 1) {
      await (await one.chat()).text();
      await one.endings(request);
    }
    const { endpointId } = one.endpoint("a");
    const own = async () =>
      (await reports()).flatMap(({ endpoints }) => endpoints).filter((e) => e.endpointId === endpointId);
    await vi.waitFor(
      async () => expect((await own()).reduce((sum, { successes }) => sum + successes, 0)).toBe(12),
      5_000,
    );
    expect((await own()).length).toBeLessThanOrEqual(2);
    expect((await reports()).some(({ watched }) => watched.some((w) => w.endpointId === endpointId))).toBe(true);
  });

  it("tells of a trip at once and goes by what it hears", async () => {
    const two = new Scene();
    const [first, second] = [two.endpoint("a"), two.endpoint("b")];
    await two.plan([first, second]);
    await two.provider("a", { status: 500 });
    await two.provider("b", chatAnswer());
    const open = { share: 0, openUntilMs: Date.now() + 60_000, mayProbe: false, failureRatio: 1 };
    await orchestrator.scriptHealth({ endpoints: [{ endpointId: second.endpointId, ...open }], credentials: [] });
    for (let request = 1; request <= 5; request += 1) {
      await (await two.chat()).text();
      await two.endings(request);
    }
    await vi.waitFor(async () => {
      const seen = (await reports())
        .flatMap(({ endpoints }) => endpoints)
        .filter((e) => e.endpointId === first.endpointId);
      expect(seen.reduce((sum, { failures }) => sum + failures, 0)).toBeGreaterThanOrEqual(5);
    }, 3_000);
    await orchestrator.scriptHealth(allWell);
  });

  it("goes on alone when nobody answers its reports", async () => {
    await orchestrator.scriptHealth(null);
    const one = await Scene.withOne(chatAnswer());
    expect((await one.chat()).status).toBe(200);
    await vi.waitFor(async () => expect((await reports()).length).toBeGreaterThan(0), 5_000);
    expect((await one.chat()).status).toBe(200);
  });
});
