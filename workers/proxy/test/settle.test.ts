import { describe, expect, it } from "vitest";
import { Scene } from "./support/harness.ts";
import { chatAnswer } from "./support/wire.ts";

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
    const scene = await Scene.withOne({ ...chatAnswer(), delayMs: 200 });
    await (await scene.chat()).text();
    await scene.endings();
    const { endCalls } = await scene.accountLog();
    expect(endCalls.flat().map((ending) => ending.kind)).toEqual(["dispatched", "settle"]);
  });

  it("an account that restarts at settlement gets the ending all the same, once", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.account({ failEnds: 2 });
    expect((await scene.chat()).status).toBe(200);
    expect(await scene.endings()).toHaveLength(1);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });
});
