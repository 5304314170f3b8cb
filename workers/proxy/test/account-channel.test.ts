import type { AccountExchange, AccountExchanged, Ending, ReserveInput } from "@aggregator/contracts/account";
import { ok } from "@aggregator/contracts/result";
import { describe, expect, it } from "vitest";
import { AccountChannel, type SendExchange } from "../src/account/account-channel.ts";

const GIVE_UP_AFTER_MS = 25_000;
const ending = (requestId: string): Ending => ({ kind: "dispatched", requestId });
const options = { giveUpAfterMs: 10_000, mayRetry: () => false };

function aReserve(requestId: string): ReserveInput {
  return {
    requestId,
    idempotency: null,
    keyId: "k",
    memberId: null,
    holdNanoUsd: 1,
    promptNanoUsd: 1,
    estimatedTokens: 1,
    leaseMs: 1,
    keyLimits: {},
    companyLimits: {},
    keyBudget: null,
    subject: {
      endpoint: "/v1/chat/completions",
      requestedModel: "m",
      provider: "p",
      model: "m",
      priceVersion: "v",
      stream: false,
    },
  };
}

/** A clock that tests move by hand. */
class FakeClock {
  #nowMs = 1_000;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  readonly now = () => this.#nowMs;
  readonly pause = (ms: number) => ({ over: this.#sleep(ms), cancel: () => undefined });

  readonly #sleep = (ms: number) =>
    new Promise<void>((wake) => {
      this.#sleepers.push({ atMs: this.#nowMs + ms, wake });
    });
  async advance(ms: number): Promise<void> {
    const until = this.#nowMs + ms;
    for (;;) {
      await settled();
      const next = this.#sleepers.filter((sleeper) => sleeper.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    this.#nowMs = until;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

/** An account whose calls a test answers one by one. */
class FakeAccount {
  readonly calls: { readonly items: AccountExchange; readonly answer: () => void; readonly fail: () => void }[] = [];
  readonly send: SendExchange = (items) =>
    new Promise<AccountExchanged>((resolve, reject) => {
      const reserved = items.reserves.map((input) =>
        ok({ holdNanoUsd: Number.parseInt(input.requestId, 36), markupBps: 0, requests: null, tokens: null }),
      );
      this.calls.push({
        items,
        answer: () => resolve({ ended: items.endings.map(() => "applied"), reserved }),
        fail: () => reject(new Error("restarting")),
      });
    });
  get groups(): string[][] {
    return this.calls.map(({ items }) => [...items.endings, ...items.reserves].map((item) => item.requestId));
  }
}

function open() {
  const clock = new FakeClock();
  return { clock, account: new FakeAccount(), channel: new AccountChannel(clock) };
}
const neverAnswers: SendExchange = () => new Promise(() => undefined);

describe("reserves", () => {
  it("the first goes at once; what comes while it is under way goes together when it lands", async () => {
    const { account, channel } = open();
    const replies = ["a", "b", "c"].map((id) => channel.reserve(aReserve(id), account.send, options));
    await settled();
    expect(account.groups).toEqual([["a"]]);
    account.calls[0]?.answer();
    await settled();
    expect(account.groups).toEqual([["a"], ["b", "c"]]);
    account.calls[1]?.answer();
    const holds = (await Promise.all(replies)).map((reply) => (reply?.ok === true ? reply.value.holdNanoUsd : null));
    expect(holds).toEqual([10, 11, 12]);
    expect(channel.isIdle).toBe(true);
  });

  it("a distant account queues nobody behind a round trip: the next call starts a few milliseconds later", async () => {
    const { account, channel, clock } = open();
    void channel.reserve(aReserve("a"), account.send, options);
    void channel.reserve(aReserve("b"), account.send, options);
    await clock.advance(2);
    expect(account.groups).toEqual([["a"]]);
    await clock.advance(2);
    expect(account.groups).toEqual([["a"], ["b"]]);
  });

  it("a busy company's calls leave every 8 ms, however soon the one before landed; after a pause one goes at once", async () => {
    const { account, channel, clock } = open();
    const reserve = (id: string) => void channel.reserve(aReserve(id), account.send, options);
    const answerAll = () => account.calls.forEach((call) => call.answer());
    for (const id of ["a", "b", "c", "d"]) reserve(id);
    await settled();
    answerAll();
    await clock.advance(7);
    expect(account.groups).toEqual([["a"]]);
    reserve("e");
    await clock.advance(1);
    expect(account.groups).toEqual([["a"], ["b", "c", "d", "e"]]);
    answerAll();
    await clock.advance(100);
    reserve("f");
    await settled();
    expect(account.groups.at(-1)).toEqual(["f"]);
  });

  it("a reserve whose leader's request was cancelled is sent again by its own request", async () => {
    const { account, channel, clock } = open();
    void channel.reserve(aReserve("a"), account.send, options);
    void channel.reserve(aReserve("b"), neverAnswers, options);
    const follower = channel.reserve(aReserve("c"), account.send, options);
    await clock.advance(400);
    account.calls.forEach((call) => call.answer());
    expect(await follower).toMatchObject({ ok: true });
  });

  it("a failed call rejects, after one more try alone where the platform says that it may help", async () => {
    const { account, channel, clock } = open();
    const final = channel.reserve(aReserve("a"), account.send, options);
    await settled();
    account.calls[0]?.fail();
    await expect(final).rejects.toThrow("restarting");
    const again = channel.reserve(aReserve("b"), account.send, { ...options, mayRetry: () => true });
    await clock.advance(1);
    account.calls[1]?.fail();
    await settled();
    expect(account.groups.slice(1)).toEqual([["b"], ["b"]]);
    account.calls[2]?.answer();
    expect(await again).toMatchObject({ ok: true });
  });
});

describe("endings", () => {
  it("an ending lingers a moment and is carried by the next reserve", async () => {
    const { account, channel, clock } = open();
    const ended = channel.end(ending("old"), account.send, GIVE_UP_AFTER_MS);
    await clock.advance(1);
    expect(account.groups).toEqual([]);
    void channel.reserve(aReserve("new"), account.send, options);
    await settled();
    expect(account.groups).toEqual([["old", "new"]]);
    account.calls[0]?.answer();
    expect(await ended).toBe("applied");
  });

  it("an ending that nothing carries goes by itself two milliseconds later", async () => {
    const { account, channel, clock } = open();
    void channel.end(ending("a"), account.send, GIVE_UP_AFTER_MS);
    void channel.end(ending("b"), account.send, GIVE_UP_AFTER_MS);
    await clock.advance(2);
    expect(account.groups).toEqual([["a", "b"]]);
  });

  it("an ending in a dead leader's call is sent again within about two seconds", async () => {
    const { account, channel, clock } = open();
    void channel.end(ending("leader"), neverAnswers, GIVE_UP_AFTER_MS);
    const follower = channel.end(ending("follower"), account.send, GIVE_UP_AFTER_MS);
    await clock.advance(1_900);
    expect(account.groups).toEqual([]);
    await clock.advance(200);
    expect(account.groups.flat()).toContain("follower");
    account.calls[0]?.answer();
    expect(await follower).toBe("applied");
  });

  it("after a failed call each goes alone, with a pause, and none is lost", async () => {
    const { account, channel, clock } = open();
    const results = ["a", "b", "c"].map((id) => channel.end(ending(id), account.send, GIVE_UP_AFTER_MS));
    await clock.advance(2);
    account.calls[0]?.fail();
    for (let tick = 0; tick < 40; tick += 1) {
      await clock.advance(100);
      for (const call of account.calls.slice(1)) call.answer();
    }
    expect(account.groups[0]).toEqual(["a", "b", "c"]);
    expect(account.groups.slice(1).every((group) => group.length === 1)).toBe(true);
    expect(await Promise.all(results)).toEqual(["applied", "applied", "applied"]);
  });

  it("gives up before the platform's thirty seconds, for the lease sweeper to finish", async () => {
    const { channel, clock } = open();
    let tries = 0;
    const failing: SendExchange = () => {
      tries += 1;
      return Promise.reject(new Error("down"));
    };
    const result = channel.end(ending("a"), failing, GIVE_UP_AFTER_MS);
    await clock.advance(30_000);
    expect(await result).toBeNull();
    expect(tries).toBeGreaterThan(5);
    expect(tries).toBeLessThan(20);
    expect(channel.isIdle).toBe(true);
  });
});
