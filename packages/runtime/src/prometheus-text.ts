import type { MetricFamily, MetricSample } from "@aggregator/contracts/metrics";

/** Families of one name, wherever they come from, as Prometheus' text format 0.0.4 wants them: together. */
export function prometheusText(families: readonly MetricFamily[]): string {
  const byName = Map.groupBy(families, ({ name }) => name);
  return [...byName.values()].map(familyText).join("");
}

function familyText(families: readonly MetricFamily[]): string {
  const [first] = families;
  if (first === undefined) return "";
  const { name, help, type } = first;
  const samples = families.flatMap((family) => family.samples.map((sample) => sampleText(name, sample)));
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...samples].join("\n") + "\n";
}

function sampleText(name: string, { suffix = "", labels, value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  const set = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${suffix}${set} ${value}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
