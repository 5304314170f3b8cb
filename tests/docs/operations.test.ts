import { METRICS } from "@aggregator/contracts/metrics";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** What operators read must name what the code says, and the other way round. */

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

function sourcesUnder(folder: string): string {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules"))
    .map((path) => read(join(folder, path)))
    .join("\n");
}

const WORKERS = ["analytics", "auth", "billing", "gateway", "notifications", "orchestrator", "proxy"];
const source = [...WORKERS.map((worker) => `workers/${worker}/src`), "packages/runtime/src"]
  .map(sourcesUnder)
  .join("\n");
const index = read("docs/runbooks/README.md");
const dashboard = read("docs/grafana/dashboard.json");
const alerts = read("docs/alerts.yml");

/** Metrics that are read when they are asked for, so that no isolate pushes them. */
const READ_AT_SCRAPE = [
  "aggregator_scrape_up",
  "aggregator_reporting_isolates",
  "aggregator_dead_letters",
  "aggregator_notifications_waiting",
  "aggregator_notifications_overdue_seconds",
  "aggregator_provider_health",
];

describe("the index of runbooks", () => {
  it("has every event that is logged as a warning or an error", () => {
    const events = [...source.matchAll(/\.(?:warn|error)\(\s*"([a-z_.]+)"/g), ...source.matchAll(/"\]\("([a-z_.]+)"/g)];
    const missing = new Set(events.map(([, event]) => event).filter((event) => !index.includes(`\`${event}\``)));
    expect([...missing]).toEqual([]);
    expect(events.length).toBeGreaterThan(30);
  });

  it("has no event, code or message that the code does not have", () => {
    const texts = [...index.matchAll(/^\| `([^`]+)`/gm)].map(([, text = ""]) => text);
    expect(
      texts.filter((text) => !source.includes(text) && !sourcesUnder("packages/contracts/src").includes(text)),
    ).toEqual([]);
  });

  it("points to sections that exist", () => {
    const links = [...`${index}\n${alerts}`.matchAll(/([a-z]+\.md)#([a-z0-9_-]+)/g)];
    const broken = links.filter(([, file = "", anchor = ""]) => !anchorsOf(`docs/runbooks/${file}`).includes(anchor));
    expect(broken.map(([link]) => link)).toEqual([]);
    expect(links.length).toBeGreaterThan(50);
  });
});

describe("the dashboard and the alerts", () => {
  it.each([
    ["dashboard", dashboard],
    ["alerts", alerts],
  ])("the %s asks only for metrics that there are", (_, text) => {
    const asked = new Set([...text.matchAll(/aggregator_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, "")));
    const known = new Set([...Object.keys(METRICS), ...READ_AT_SCRAPE]);
    expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  });

  it("the dashboard shows every metric", () => {
    const shown = (name: string) => dashboard.includes(name);
    expect([...Object.keys(METRICS), ...READ_AT_SCRAPE].filter((name) => !shown(name))).toEqual([]);
  });

  it("every alert says what it means and where its runbook is", () => {
    const rules = alerts.split("- alert:").slice(1);
    expect(rules.length).toBeGreaterThan(15);
    for (const rule of rules)
      expect(rule).toMatch(/severity: (page|ticket)[\s\S]*summary:[\s\S]*runbook: docs\/runbooks\//);
  });
});

/** GitHub's anchors of a page's headings. */
function anchorsOf(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
