import { describe, expect, it, vi } from "vitest";
import { Bulkhead, bulkhead } from "../src/health/bulkhead.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

/** What an isolate has under way of one provider unless it is told otherwise. */
const MAX = 1_000;

function fill(provider: string): void {
  for (let index = 0; index < MAX; index += 1) bulkhead.enter(provider, {}, Date.now() + 60_000);
}

function slugOf(scene: Scene, name: string): string {
  return `${name}-${scene.id}`;
}

describe("the bulkhead", () => {
  it("is full at its limit, per provider, and has room again when one leaves or its deadline is past", () => {
    const calls = new Bulkhead();
    const [first, second] = [{}, {}];
    calls.enter("a", first, 1_000);
    calls.enter("a", second, 2_000);
    expect(calls.isFull("a", 3, 0)).toBe(false);
    expect(calls.isFull("a", 2, 999)).toBe(true);
    expect(calls.isFull("b", 2, 999)).toBe(false);
    expect(calls.isFull("a", 2, 1_000)).toBe(false);
    expect(calls.count("a")).toBe(1);
    calls.leave("a", second);
    calls.leave("a", second);
    expect(calls.count("a")).toBe(0);
  });

  it("passes over a provider that is full: another serves, and a slow one does not slow it", async () => {
    const scene = new Scene();
    const [full, free] = [slugOf(scene, "full"), slugOf(scene, "free")];
    await scene.plan([scene.endpoint(full), scene.endpoint(free)]);
    await scene.provider(free, chatAnswer());
    fill(full);
    const response = await scene.chat();
    expect([response.status, response.headers.get("x-aggregator-provider")]).toEqual([200, free]);
    expect(response.headers.get("x-aggregator-attempts")).toBe("1");
  });

  it("all full: 503 with retry-after, nothing held", async () => {
    const scene = new Scene();
    const full = slugOf(scene, "full");
    await scene.plan([scene.endpoint(full)]);
    fill(full);
    const response = await scene.chat();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.json()).toMatchObject({ error: { code: "no_endpoint_available" } });
    expect((await scene.accountLog()).reserves).toEqual([]);
  });

  it("full since the hold: the same answer, and the hold is released", async () => {
    const scene = new Scene();
    const full = slugOf(scene, "full");
    await scene.plan([scene.endpoint(full)]);
    const isFull = vi.spyOn(bulkhead, "isFull").mockReturnValueOnce(false).mockReturnValueOnce(true);
    expect((await scene.chat()).status).toBe(503);
    expect(isFull).toHaveBeenCalledTimes(2);
    isFull.mockRestore();
    expect(await scene.endings(1)).toMatchObject([{ kind: "release", record: { attempts: [] } }]);
    expect((await scene.accountLog()).openHolds).toEqual([]);
  });

  it("counts a call until it is over, however it ends", async () => {
    const scene = new Scene();
    const [failing, good] = [slugOf(scene, "failing"), slugOf(scene, "good")];
    await scene.plan([scene.endpoint(failing), scene.endpoint(good)]);
    await scene.provider(failing, { status: 500 });
    await scene.provider(good, chatStream(wholeStream()), chatAnswer());
    await (await scene.chat({ stream: true })).text();
    await scene.endings(1);
    await (await scene.chat()).text();
    await scene.endings(2);
    expect([bulkhead.count(failing), bulkhead.count(good)]).toEqual([0, 0]);
  });
});
