import { MetricsMessage } from "@aggregator/contracts/metrics";
import { describe, expect, it } from "vitest";
import { createMeter } from "../src/meter.ts";

function meterWith(send: (message: MetricsMessage) => Promise<unknown>) {
  return createMeter({ worker: "gateway", intervalMs: 1_000, send, isolateId: () => "isolate-1" });
}

describe("the meter", () => {
  it("pushes what was counted since the push before, once per interval", async () => {
    const sent: MetricsMessage[] = [];
    const meter = meterWith((message) => Promise.resolve(sent.push(message)));
    expect(meter.pushIfDue(0)).toBeNull();
    meter.count("requests_total", { status: "200" });
    meter.count("requests_total", { status: "200" });
    meter.count("requests_total", { status: "401" }, 3);
    expect(meter.pushIfDue(999)).toBeNull();
    await meter.pushIfDue(1_000);
    meter.count("requests_total", { status: "200" });
    await meter.pushIfDue(2_000);
    expect(meter.pushIfDue(9_000)).toBeNull();
    expect(sent.map((message) => MetricsMessage.parse(message))).toEqual([
      {
        version: 1,
        worker: "gateway",
        isolate_id: "isolate-1",
        sequence: 1,
        counts: [
          { name: "requests_total", labels: { status: "200" }, increase: 2 },
          { name: "requests_total", labels: { status: "401" }, increase: 3 },
        ],
      },
      expect.objectContaining({
        sequence: 2,
        counts: [{ name: "requests_total", labels: { status: "200" }, increase: 1 }],
      }),
    ]);
  });

  it("keeps what a dead queue did not take for the next push, and never throws", async () => {
    const sent: MetricsMessage[] = [];
    let isDown = true;
    const meter = meterWith((message) =>
      isDown ? Promise.reject(new Error("queue away")) : Promise.resolve(sent.push(message)),
    );
    meter.pushIfDue(0);
    meter.count("requests_total", {}, 2);
    await meter.pushIfDue(1_000);
    meter.count("requests_total", {}, 5);
    isDown = false;
    await meter.pushIfDue(2_000);
    expect(sent[0]?.counts).toEqual([{ name: "requests_total", labels: {}, increase: 7 }]);
  });

  it("does not start a second push while one hangs", async () => {
    const meter = meterWith(() => new Promise(() => {}));
    meter.pushIfDue(0);
    meter.count("requests_total", {});
    expect(meter.pushIfDue(1_000)).not.toBeNull();
    meter.count("requests_total", {});
    expect(meter.pushIfDue(5_000)).toBeNull();
  });

  it("is bounded when somebody uses an id as a label", async () => {
    const sent: MetricsMessage[] = [];
    const meter = meterWith((message) => Promise.resolve(sent.push(message)));
    meter.pushIfDue(0);
    for (let id = 0; id < 2_000; id += 1) meter.count("requests_total", { id: String(id) });
    await meter.pushIfDue(1_000);
    expect(sent[0]?.counts).toHaveLength(500);
  });
});
