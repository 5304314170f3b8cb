import { Notice, type NoticeMessage } from "@aggregator/contracts/notices";
import type { CredentialSignal, HealthReport, HealthSnapshot } from "@aggregator/contracts/provider-health";
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../src/health/circuit.ts";
import { HealthBook } from "../src/health/health-book.ts";
import { noticesOf } from "../src/health/health-notices.ts";
import {
  addModel,
  addProvider,
  context,
  errorOf,
  fresh,
  operator,
  orchestrator,
  owner,
  valueOf,
} from "./orchestrator.ts";

const never = () => 0.5;

function seen(failures: number, successes = 0, endpointId = "e1"): Pick<HealthReport, "endpoints" | "credentials"> {
  const trailingFailures = successes > 0 ? 0 : failures;
  return { endpoints: [{ endpointId, provider: "p", successes, failures, trailingFailures }], credentials: [] };
}

function told(signal: CredentialSignal, retryAfterMs: number | null = null) {
  return { endpoints: [], credentials: [{ credentialId: "c1", provider: "p", signal, retryAfterMs }] };
}

describe("what is known of a provider", () => {
  it("tells once that it is down, and once that it is back", () => {
    const book = new HealthBook(LIMITS);
    expect(book.apply(seen(5), 0, never)).toMatchObject([{ kind: "down", sinceMs: 0 }]);
    expect(book.apply(seen(5, 0, "e2"), 1_000, never)).toEqual([]);
    expect(book.apply(seen(0, 1), 30_000, never)).toEqual([]);
    expect(book.apply(seen(0, 1, "e2"), 31_000, never)).toEqual([]);
    expect(book.tick(41_000)).toEqual([]);
    expect(book.unwell()).toEqual(["e1", "e2"]);
    expect(book.tick(51_000)).toEqual([{ kind: "recovered", sinceMs: 0, atMs: 51_000 }]);
    expect(book.unwell()).toEqual([]);
    expect(book.tick(61_000)).toEqual([]);
  });

  it("says of an open endpoint until when, and gives its probe to one of those who ask", () => {
    const book = new HealthBook(LIMITS);
    book.apply(seen(5), 0, never);
    expect(book.snapshot(["e1", "other"], 0).endpoints).toEqual([
      { endpointId: "e1", share: 0, openUntilMs: 30_000, mayProbe: false, failureRatio: 1 },
    ]);
    book.tick(30_000);
    const asked = [1, 2, 3].map(() => book.snapshot(["e1"], 30_000).endpoints[0]?.mayProbe);
    expect(asked).toEqual([true, false, false]);
    expect(book.snapshot([], 30_000).endpoints).toEqual([]);
  });

  it.each<[signal: CredentialSignal, retryAfterMs: number | null, untilMs: number]>([
    ["rate_limited", null, 5_000],
    ["rate_limited", 20_000, 20_000],
    ["rate_limited", 1e12, 300_000],
    ["rejected", null, 600_000],
    ["out_of_credit", null, 600_000],
  ])("sets a credential aside after %s (%s)", (signal, retryAfterMs, untilMs) => {
    const book = new HealthBook(LIMITS);
    const events = book.apply(told(signal, retryAfterMs), 0, never);
    expect(book.snapshot([], 0).credentials).toEqual([{ credentialId: "c1", untilMs }]);
    expect(book.snapshot([], untilMs).credentials).toEqual([]);
    expect(events.map(({ kind }) => kind)).toEqual(signal === "rate_limited" ? [] : ["quarantined"]);
    expect(book.apply(told(signal, retryAfterMs), 1_000, never)).toEqual([]);
  });

  it("does not set a credential aside for one 403, which may be about what was asked, but for three", () => {
    const book = new HealthBook(LIMITS);
    const events = [1, 2, 3].map((at) => book.apply(told("forbidden"), at, never).length);
    expect(events).toEqual([0, 0, 1]);
    expect(book.snapshot([], 4).credentials).toHaveLength(1);
  });

  it("takes a credential back that is accepted after all", () => {
    const book = new HealthBook(LIMITS);
    book.apply(told("rejected"), 0, never);
    book.apply(told("accepted"), 1, never);
    expect(book.snapshot([], 2).credentials).toEqual([]);
  });

  it("makes notices that notifications can read, with ids of what happened", () => {
    const book = new HealthBook(LIMITS);
    const events = [
      ...book.apply(seen(5), 1_000, never),
      ...book.apply(told("rejected"), 2_000, never),
      { kind: "recovered" as const, sinceMs: 1_000, atMs: 9_000 },
    ];
    const notices = noticesOf("p", events);
    expect(notices.map((notice) => Notice.parse(notice))).toMatchObject([
      { id: "provider_down:p:1000", kind: "provider_down", company_id: null, data: { provider: "p", since_ms: 1_000 } },
      { id: "credential_quarantined:c1:0", kind: "credential_quarantined", data: { credential_id: "c1" } },
      { id: "provider_recovered:p:1000", kind: "provider_recovered", data: { down_ms: 8_000 } },
    ]);
  });

  it("is the same after it was stored and read", () => {
    const book = new HealthBook(LIMITS);
    book.apply(seen(5), 0, never);
    book.apply(told("rejected"), 0, never);
    const again = new HealthBook(LIMITS, structuredClone(book.stored()));
    expect({ ...again.snapshot(["e1"], 1_000).endpoints[0], failureRatio: 1 }).toEqual(
      book.snapshot(["e1"], 1_000).endpoints[0],
    );
    expect(again.snapshot([], 1_000).credentials).toEqual(book.snapshot([], 1_000).credentials);
    expect(again.apply(seen(5, 0, "e2"), 1_000, never)).toEqual([]);
  });
});

/** What the objects put on the queue of notices. */
function noticesBinding() {
  const sent: NoticeMessage[] = [];
  const sendBatch = vi.fn(async (messages: Iterable<{ body: NoticeMessage }>) => {
    sent.push(...[...messages].map(({ body }) => body));
  });
  return { sent, sendBatch };
}

function report(
  at: { provider: string; endpointId: string },
  failures: number,
  successes = 0,
): Promise<HealthSnapshot> {
  const trailingFailures = successes > 0 ? 0 : failures;
  return valueOf(
    orchestrator().reportHealth(context, {
      watched: [at],
      endpoints: failures + successes === 0 ? [] : [{ ...at, successes, failures, trailingFailures }],
      credentials: [],
    }),
  );
}

async function target(input: Record<string, unknown> = {}) {
  const { slug } = await addProvider(input);
  const { endpoints } = await addModel({ [slug]: "1" });
  return { provider: slug, endpointId: endpoints[0]?.id ?? "" };
}

describe("the object of a provider", () => {
  it("trips on failures in a row across isolates, and each of them is told", async () => {
    const at = await target();
    expect((await report(at, 3)).endpoints).toEqual([]);
    expect((await report(at, 2)).endpoints).toMatchObject([{ endpointId: at.endpointId, share: 0, mayProbe: false }]);
    expect((await report(at, 0)).endpoints).toMatchObject([{ endpointId: at.endpointId, share: 0 }]);
    expect((await report(await target(), 0)).endpoints).toEqual([]);
  });

  it("puts the providers of one report together", async () => {
    const [one, two] = [await target(), await target()];
    const failing = (at: typeof one) => ({ ...at, successes: 0, failures: 5, trailingFailures: 5 });
    const snapshot = await valueOf(
      orchestrator().reportHealth(context, {
        watched: [one, two],
        endpoints: [failing(one), failing(two)],
        credentials: [],
      }),
    );
    expect(snapshot.endpoints.map(({ endpointId }) => endpointId).toSorted()).toEqual(
      [one.endpointId, two.endpointId].toSorted(),
    );
  });

  it("refuses what is no report", async () => {
    const broken = { watched: [{ endpointId: "", provider: "p" }], endpoints: [], credentials: [] };
    expect(await errorOf(orchestrator().reportHealth(context, broken))).toMatchObject({ code: "invalid_request" });
  });

  it("puts a notice on the queue, and again when the queue did not take it", async () => {
    const at = await target();
    const { sent, sendBatch } = noticesBinding();
    sendBatch.mockRejectedValueOnce(new Error("no queue"));
    await runInDurableObject(env.PROVIDER_HEALTH.getByName(at.provider), async (object) => {
      Object.assign(object, { env: { ...env, NOTICES: { sendBatch } } });
      const failing = { ...at, successes: 0, failures: 5, trailingFailures: 5 };
      object.report(at.provider, { watched: [], endpoints: [failing], credentials: [] });
      await vi.waitFor(() => expect(sendBatch).toHaveBeenCalledTimes(1));
      await Promise.resolve();
      object.report(at.provider, { watched: [], endpoints: [], credentials: [] });
      await vi.waitFor(() => expect(sent).toMatchObject([{ kind: "provider_down", company_id: null }]));
    });
  });

  it("keeps what is open on disk", async () => {
    const at = await target();
    await report(at, 5);
    const stored = await runInDurableObject(env.PROVIDER_HEALTH.getByName(at.provider), (_, state) =>
      state.storage.kv.get("book"),
    );
    expect(stored).toMatchObject({ circuits: [[at.endpointId, { state: "open", trips: 1 }]] });
  });
});

describe("operators", () => {
  it("see circuits and set-aside credentials, and close a circuit by hand", async () => {
    const at = await target();
    await report(at, 5);
    const seenOpen = await valueOf(orchestrator().adminHealth(context, operator));
    expect(seenOpen.circuits.find(({ endpoint }) => endpoint === at.endpointId)).toMatchObject({
      provider: at.provider,
      state: "open",
      share: 0,
      recent_failures: 5,
      trips: 1,
    });
    const reset = await valueOf(orchestrator().adminResetHealth(context, operator, at.endpointId));
    expect(reset.circuits).toMatchObject([{ endpoint: at.endpointId, state: "closed", share: 1, open_until: null }]);
    expect((await report(at, 0)).endpoints).toEqual([]);
  });

  it("are not needed for the public status: the worst circuit of each provider that is on", async () => {
    const [bad, good] = [await target(), await target()];
    const stateOf = async (slug: string) =>
      (await valueOf(orchestrator().providerCircuits(context))).find(({ provider }) => provider === slug);
    expect(await stateOf(bad.provider)).toBeUndefined();
    await report(bad, 5);
    await report(good, 0, 1);
    expect(await stateOf(bad.provider)).toEqual({ provider: bad.provider, state: "open" });
    expect(await stateOf(good.provider)).toEqual({ provider: good.provider, state: "closed" });
    await valueOf(orchestrator().updateProvider(context, operator, bad.provider, { enabled: false }));
    expect(await stateOf(bad.provider)).toBeUndefined();
  });

  it("alone do; an endpoint that nobody has is not found", async () => {
    expect(await errorOf(orchestrator().adminHealth(context, owner))).toMatchObject({ code: "permission_denied" });
    expect(await errorOf(orchestrator().adminResetHealth(context, owner, "x"))).toMatchObject({
      code: "permission_denied",
    });
    expect(await errorOf(orchestrator().adminResetHealth(context, operator, fresh("none")))).toMatchObject({
      code: "not_found",
    });
  });
});

const addressOf = (url: unknown): string => (typeof url === "string" ? url : "");

describe("active probes", () => {
  const probeWith = async (answer: () => Promise<Response>, input: Record<string, unknown> = {}) => {
    const at = await target(input);
    await report(at, 5);
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(answer);
    await orchestrator().scheduled();
    const calls = fetched.mock.calls.filter(([url]) => addressOf(url).includes(at.provider));
    fetched.mockRestore();
    const view = await valueOf(orchestrator().adminHealth(context, operator));
    return { calls, state: view.circuits.find(({ endpoint }) => endpoint === at.endpointId)?.state };
  };
  const hostOf = (slug: string) => ({ slug, base_url: `https://${slug}.example.com/v1` });

  it.each<[name: string, answer: () => Promise<Response>, state: string]>([
    ["answers", async () => new Response("{}"), "half_open"],
    ["refuses the key", async () => new Response(null, { status: 401 }), "half_open"],
    ["fails", async () => new Response(null, { status: 503 }), "open"],
    ["redirects", async () => new Response(null, { status: 302, headers: { location: "https://x.example" } }), "open"],
    ["does not answer", () => Promise.reject(new Error("connection refused")), "open"],
  ])("a provider that %s", async (_, answer, state) => {
    const probed = await probeWith(answer, hostOf(fresh("probed")));
    expect(probed.state).toBe(state);
    expect(probed.calls).toHaveLength(1);
    const [url, init] = probed.calls[0] ?? [];
    expect(addressOf(url)).toMatch(/\/v1\/models$/);
    expect(init).toMatchObject({ redirect: "manual", headers: { authorization: "Bearer sk-test-0123456789" } });
  });

  it("leave those alone that are well", async () => {
    await target(hostOf("well"));
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("{}"));
    await orchestrator().scheduled();
    expect(fetched.mock.calls.filter(([url]) => addressOf(url).includes("//well."))).toEqual([]);
    fetched.mockRestore();
  });
});
