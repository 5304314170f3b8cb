import { expect, it } from "vitest";
import { prometheusText } from "../src/prometheus-text.ts";

it("writes families of one name together, with escaped labels", () => {
  const family = { name: "aggregator_requests_total", help: "Requests.", type: "counter" } as const;
  const text = prometheusText([
    { ...family, samples: [{ labels: { provider: 'a"b\\c\nd' }, value: 3 }] },
    { name: "aggregator_open_holds", help: "Open.", type: "gauge", samples: [{ labels: {}, value: 0 }] },
    { ...family, samples: [{ labels: { provider: "x" }, value: 4 }] },
  ]);
  expect(text).toBe(
    [
      "# HELP aggregator_requests_total Requests.",
      "# TYPE aggregator_requests_total counter",
      'aggregator_requests_total{provider="a\\"b\\\\c\\nd"} 3',
      'aggregator_requests_total{provider="x"} 4',
      "# HELP aggregator_open_holds Open.",
      "# TYPE aggregator_open_holds gauge",
      "aggregator_open_holds 0",
      "",
    ].join("\n"),
  );
});

it("writes a histogram's parts under their suffixes", () => {
  const samples = [
    { suffix: "_bucket", labels: { le: "0.1" }, value: 1 },
    { suffix: "_bucket", labels: { le: "+Inf" }, value: 2 },
    { suffix: "_count", labels: {}, value: 2 },
  ];
  const text = prometheusText([{ name: "latency_seconds", help: "L.", type: "histogram", samples }]);
  expect(text).toContain('latency_seconds_bucket{le="+Inf"} 2\nlatency_seconds_count 2\n');
});
