import { describe, expect, it } from "vitest";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

describe("calls to the account", () => {
  it("a fast warm request makes exactly one before the provider and one after, and asks no plan", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await (await scene.chat()).text();
    await scene.endings();
    await scene.account({});
    const plans = (await scene.accountLog()).planCalls.length;
    await (await scene.chat()).text();
    await scene.endings();
    const log = await scene.accountLog();
    expect(log.reserves).toHaveLength(1);
    expect(log.exchanges).toBe(2);
    expect(log.checkpoints).toHaveLength(0);
    expect(log.endCalls.map((call) => call.map((ending) => ending.kind))).toEqual([["settle"]]);
    expect(log.planCalls).toHaveLength(plans);
  });

  it("a request that takes longer is marked as dispatched first", async () => {
    const scene = await Scene.withOne({ ...chatAnswer(), delayMs: 350 });
    await (await scene.chat()).text();
    await scene.endings();
    const { endCalls } = await scene.accountLog();
    expect(endCalls.flat().map((ending) => ending.kind)).toEqual(["dispatched", "settle"]);
  });

  it("case 17: an account that restarts at settlement gets the ending all the same, once", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({ failEnds: 2 });
    expect((await scene.chat()).status).toBe(200);
    expect(await scene.endings()).toHaveLength(1);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });
});

describe("a request that models of different markups may serve", () => {
  it.each([false, true])(
    "names them all, and is charged with that of the one that served; streamed: %s",
    async (stream) => {
      const scene = new Scene();
      const [first, second] = [scene.endpoint("a"), { ...scene.endpoint("b"), model: "other/model" }];
      await scene.plan([first, second]);
      await scene.account({ markupBps: 1_000, markupBpsByModel: { "other/model": 5_000 } });
      await scene.provider("a", { status: 502 });
      await scene.provider("b", stream ? chatStream(wholeStream()) : chatAnswer());
      await (await scene.chat({ stream })).text();
      const [ending] = await scene.endings();
      if (ending?.kind !== "settle") throw new Error("was not settled");
      expect(ending.priceNanoUsd).toBe(Math.ceil(ending.costNanoUsd * 1.5));
      expect((await scene.accountLog()).reserves[0]?.models).toEqual([first.model, "other/model"]);
    },
  );

  it("sends no list where there is one model", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await (await scene.chat()).text();
    await scene.endings();
    expect((await scene.accountLog()).reserves[0]).not.toHaveProperty("models");
  });
});

describe("a model with a minimum per request", () => {
  const MINIMUM = 777_000_000;

  it.each([false, true])("is held and charged no less, and its record says so; streamed: %s", async (stream) => {
    const scene = new Scene();
    const plain = scene.endpoint("a");
    await scene.plan([{ ...plain, price: { ...plain.price, base: { ...plain.price.base, minimum: MINIMUM } } }]);
    await scene.account({ markupBps: 1_000 });
    await scene.provider("a", stream ? chatStream(wholeStream()) : chatAnswer());
    await (await scene.chat({ stream })).text();
    const [ending] = await scene.endings();
    if (ending?.kind !== "settle") throw new Error("was not settled");
    expect(ending).toMatchObject({ costNanoUsd: MINIMUM, priceNanoUsd: 854_700_000 });
    expect(ending.record).toMatchObject({ minimumApplied: true, usage: { request: 1 } });
    const [hold] = (await scene.accountLog()).reserves;
    expect(hold).toMatchObject({ holdNanoUsd: MINIMUM, promptNanoUsd: MINIMUM });
  });

  it("that a request comes to more than adds nothing", async () => {
    const scene = new Scene();
    const plain = scene.endpoint("a");
    await scene.plan([plain]);
    await scene.provider("a", chatAnswer());
    await (await scene.chat({ provider: { order: ["b"] } })).text();
    await scene.endings();
    await scene.plan([{ ...plain, price: { ...plain.price, base: { ...plain.price.base, minimum: 1 } } }]);
    await (await scene.chat({ provider: { order: ["a"] } })).text();
    const [without, withIt] = await scene.endings(2);
    if (without?.kind !== "settle" || withIt?.kind !== "settle") throw new Error("both are settled");
    expect(withIt.priceNanoUsd).toBe(without.priceNanoUsd);
    expect(withIt.record).not.toHaveProperty("minimumApplied");
  });
});

describe("a company's own provider credential", () => {
  it("is charged the fee, and costs the platform nothing; the hold is the fee's worst case", async () => {
    const scene = new Scene();
    const platform = scene.endpoint("a");
    const own = {
      ...platform,
      credential: { id: "credential-of-the-company", secret: "sk-own", owner: "company" as const },
      price: { ...platform.price, feeBps: 500 },
    };
    await scene.plan([platform]);
    await scene.provider("a", chatAnswer());
    await (await scene.chat({ provider: { order: ["b"] } })).text();
    await scene.endings();
    await scene.plan([own]);
    await (await scene.chat({ provider: { order: ["a"] } })).text();
    const [usual, fee] = await scene.endings(2);
    if (usual?.kind !== "settle" || fee?.kind !== "settle") throw new Error("both are settled");
    expect(usual.priceNanoUsd).toBeGreaterThan(0);
    expect(fee.priceNanoUsd).toBe(Math.ceil(usual.priceNanoUsd / 20));
    expect(fee.costNanoUsd).toBe(0);
    const [usualHold, feeHold] = (await scene.accountLog()).reserves;
    expect(feeHold?.holdNanoUsd).toBe(Math.ceil((usualHold?.holdNanoUsd ?? 0) / 20));
    expect([usual.record.credentialOwner, fee.record.credentialOwner]).toEqual(["platform", "company"]);
    expect([usualHold?.subject.credentialOwner, feeHold?.subject.credentialOwner]).toEqual(["platform", "company"]);
    const calls = await scene.providerCalls("a");
    expect(calls.map(({ headers }) => headers["authorization"])).toEqual(["Bearer sk-secret-of-a", "Bearer sk-own"]);
  });

  it("that fails in a way that may be billed is no loss of the platform", async () => {
    const scene = new Scene();
    const platform = scene.endpoint("b");
    const own = {
      ...scene.endpoint("a"),
      credential: { id: "credential-of-the-company-2", secret: "sk-own", owner: "company" as const },
      price: { ...platform.price, feeBps: 500 },
    };
    await scene.plan([own, platform]);
    await scene.provider("a", { chunks: ['{"choices":['] });
    await scene.provider("b", chatAnswer());
    expect((await scene.chat()).status).toBe(200);
    const [ending] = await scene.endings();
    expect(ending?.record.credentialOwner).toBe("platform");
    // Should everything die after it was sent: the fee on the prompt of the key that is asked first, not the dearest.
    const [hold] = (await scene.accountLog()).reserves;
    expect(hold?.promptNanoUsd).toBeLessThan((hold?.holdNanoUsd ?? 0) / 20);
    expect(ending?.record.attempts[0]?.outcome).toBe("malformed_answer");
    expect(ending?.record.attempts.map(({ provider, lossNanoUsd }) => [provider, lossNanoUsd])).toEqual([
      ["a", 0],
      ["b", 0],
    ]);
  });
});
