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
    meter.count("aggregator_http_requests_total", { status: "200" });
    meter.count("aggregator_http_requests_total", { status: "200" });
    meter.count("aggregator_http_requests_total", { status: "401" }, 3);
    expect(meter.pushIfDue(999)).toBeNull();
    await meter.pushIfDue(1_000);
    meter.count("aggregator_http_requests_total", { status: "200" });
    await meter.pushIfDue(2_000);
    expect(meter.pushIfDue(9_000)).toBeNull();
    expect(sent.map((message) => MetricsMessage.parse(message))).toEqual([
      {
        version: 1,
        worker: "gateway",
        isolate_id: "isolate-1",
        sequence: 1,
        at_ms: 1_000,
        gauges: [],
        counts: [
          { name: "aggregator_http_requests_total", labels: { status: "200" }, increase: 2 },
          { name: "aggregator_http_requests_total", labels: { status: "401" }, increase: 3 },
        ],
      },
      expect.objectContaining({
        sequence: 2,
        counts: [{ name: "aggregator_http_requests_total", labels: { status: "200" }, increase: 1 }],
      }),
    ]);
  });

  it("sends what a dead queue did not take again under the same sequence, then the rest, and never throws", async () => {
    const sent: MetricsMessage[] = [];
    let isDown = true;
    const meter = meterWith((message) =>
      isDown ? Promise.reject(new Error("queue away")) : Promise.resolve(sent.push(message)),
    );
    void meter.pushIfDue(0);
    meter.count("aggregator_http_requests_total", {}, 2);
    await meter.pushIfDue(1_000);
    meter.count("aggregator_http_requests_total", {}, 5);
    isDown = false;
    await meter.pushIfDue(2_000);
    expect(sent).toMatchObject([
      { sequence: 1, counts: [{ increase: 2 }] },
      { sequence: 2, counts: [{ increase: 5 }] },
    ]);
  });

  it("does not start a second push while one hangs, and gives up on it after twice the interval", () => {
    const meter = meterWith(() => new Promise(() => {}));
    void meter.pushIfDue(0);
    meter.count("aggregator_http_requests_total", {});
    expect(meter.pushIfDue(1_000)).not.toBeNull();
    meter.count("aggregator_http_requests_total", {});
    expect(meter.pushIfDue(2_999)).toBeNull();
    expect(meter.pushIfDue(3_000)).not.toBeNull();
  });

  it("is one message a push, however much is counted while it is on its way", async () => {
    let sends = 0;
    const meter = meterWith(async () => {
      sends += 1;
      meter.count("aggregator_overruns_total", {});
    });
    void meter.pushIfDue(0);
    meter.count("aggregator_overruns_total", {});
    await meter.pushIfDue(1_000);
    expect(sends).toBe(1);
  });

  it("counts a measurement in the bucket that takes it, and its sum", async () => {
    const sent: MetricsMessage[] = [];
    const meter = meterWith((message) => Promise.resolve(sent.push(message)));
    void meter.pushIfDue(0);
    for (const seconds of [0.005, 0.0051, 40]) {
      meter.observe("aggregator_http_request_duration_seconds", { route: "/v1/models" }, seconds);
    }
    await meter.pushIfDue(1_000);
    const name = "aggregator_http_request_duration_seconds_bucket";
    expect(sent[0]?.counts).toEqual([
      { name, labels: { route: "/v1/models", le: "0.005" }, increase: 1 },
      { name: "aggregator_http_request_duration_seconds_sum", labels: { route: "/v1/models" }, increase: 40.0101 },
      { name, labels: { route: "/v1/models", le: "0.01" }, increase: 1 },
      { name, labels: { route: "/v1/models", le: "+Inf" }, increase: 1 },
    ]);
  });

  it("pushes the last request's counts though none follows, by one timer however many requests came", async () => {
    const sent: MetricsMessage[] = [];
    const meter = createMeter({
      worker: "gateway",
      intervalMs: 20,
      send: (message) => Promise.resolve(sent.push(message)),
      readGauges: () => [{ name: "aggregator_open_holds", labels: {}, value: 3 }],
    });
    expect(meter.pushLater(0)).toBeNull();
    meter.count("aggregator_overruns_total", {});
    const push = meter.pushLater(0);
    meter.count("aggregator_overruns_total", {});
    expect(meter.pushLater(1)).toBeNull();
    await push;
    expect(sent).toMatchObject([{ counts: [{ increase: 2 }], gauges: [{ value: 3 }] }]);
  });

  it("waits anew when the invocation that carried a push was ended before its time", () => {
    const meter = meterWith(() => Promise.resolve());
    meter.count("aggregator_overruns_total", {});
    expect(meter.pushLater(0)).not.toBeNull();
    expect(meter.pushLater(1_999)).toBeNull();
    expect(meter.pushLater(2_000)).not.toBeNull();
  });

  it("is bounded when somebody uses an id as a label", async () => {
    const sent: MetricsMessage[] = [];
    const meter = meterWith((message) => Promise.resolve(sent.push(message)));
    void meter.pushIfDue(0);
    for (let id = 0; id < 2_000; id += 1) meter.count("aggregator_http_requests_total", { id: String(id) });
    await meter.pushIfDue(1_000);
    expect(sent[0]?.counts).toHaveLength(500);
  });
});
