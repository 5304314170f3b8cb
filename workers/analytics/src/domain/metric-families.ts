import { METRICS, type MetricDefinition, type MetricFamily, type MetricSample } from "@aggregator/contracts/metrics";
import type { StoredSeries } from "../db/read-metrics.ts";

const DEFINITIONS: Readonly<Record<string, MetricDefinition>> = METRICS;

/**
 * What was stored as the families that are scraped. Series under names that this version does not know
 * are left out. Buckets are cumulated here, as Prometheus wants them; `_count` is the last bucket.
 */
export function familiesOf(counters: readonly StoredSeries[], gauges: readonly StoredSeries[]): MetricFamily[] {
  const byName = Map.groupBy([...counters, ...gauges], ({ name }) => name);
  return Object.entries(DEFINITIONS).flatMap(([name, definition]) => {
    const samples = samplesOf(name, definition, byName);
    return samples.length === 0 ? [] : [{ name, help: definition.help, type: definition.type, samples }];
  });
}

function samplesOf(
  name: string,
  definition: MetricDefinition,
  byName: ReadonlyMap<string, readonly StoredSeries[]>,
): MetricSample[] {
  switch (definition.type) {
    case "counter":
      return (byName.get(name) ?? []).map(sampleOf);
    case "gauge":
      return acrossIsolates(byName.get(name) ?? [], definition.across);
    case "histogram":
      return histogramSamples(definition.bounds, byName.get(`${name}_bucket`) ?? [], byName.get(`${name}_sum`) ?? []);
  }
}

function acrossIsolates(rows: readonly StoredSeries[], across: "sum" | "max"): MetricSample[] {
  const combine = across === "sum" ? (a: number, b: number) => a + b : Math.max;
  return [...Map.groupBy(rows, ({ labels }) => labels)].map(([labels, seen]) => ({
    labels: labelsOf(labels),
    value: seen.map(({ value }) => value).reduce((a, b) => combine(a, b)),
  }));
}

function histogramSamples(
  bounds: readonly number[],
  buckets: readonly StoredSeries[],
  sums: readonly StoredSeries[],
): MetricSample[] {
  const counted = buckets.map(({ labels, value }) => {
    const { le = "", ...rest } = labelsOf(labels);
    return { le, rest: JSON.stringify(rest), value };
  });
  const upperBounds = [...bounds.map(String), "+Inf"];
  return sums.flatMap(({ labels, value: sum }) => {
    const own = labelsOf(labels);
    const mine = counted.filter(({ rest }) => rest === JSON.stringify(own));
    let below = 0;
    const cumulated = upperBounds.map((le): MetricSample => {
      below += mine.filter((bucket) => bucket.le === le).reduce((total, bucket) => total + bucket.value, 0);
      return { suffix: "_bucket", labels: { ...own, le }, value: below };
    });
    return [...cumulated, { suffix: "_sum", labels: own, value: sum }, { suffix: "_count", labels: own, value: below }];
  });
}

function sampleOf({ labels, value }: StoredSeries): MetricSample {
  return { labels: labelsOf(labels), value };
}

/** Labels that this Worker stored itself. */
function labelsOf(json: string): Record<string, string> {
  return JSON.parse(json) as Record<string, string>;
}
