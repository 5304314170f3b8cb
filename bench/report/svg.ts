import { SUBJECT_TITLES, type SubjectName } from "../subjects/subject.ts";
import type { ThroughputFigure } from "../scenarios/throughput.ts";

const COLORS: Readonly<Record<SubjectName, string>> = {
  mock: "#9aa0a6",
  "pass-through": "#5f6368",
  skeleton: "#9334e6",
  platform: "#1a73e8",
  portkey: "#e8710a",
};
const WIDTH = 720;
const BAR_HEIGHT = 22;
const LABEL_WIDTH = 200;
const GROUP_GAP = 34;

/** Bars of throughput in groups by connections. The mock called directly is left out: it would dwarf the rest. */
export function throughputPlot(figures: readonly ThroughputFigure[]): string {
  const shown = figures.filter(({ subject }) => subject !== "mock");
  const groups = [...new Set(shown.map(({ connections }) => connections))];
  const most = Math.max(1, ...shown.map(({ requestsPerSecond }) => requestsPerSecond));
  const parts: string[] = [];
  let y = 16;
  for (const connections of groups) {
    parts.push(text(8, y + 12, `${connections} connection${connections === 1 ? "" : "s"}`, "bold"));
    y += 22;
    for (const figure of shown.filter((one) => one.connections === connections)) {
      const length = ((WIDTH - LABEL_WIDTH - 130) * figure.requestsPerSecond) / most;
      parts.push(
        text(8, y + 14, SUBJECT_TITLES[figure.subject]),
        `<rect x="${LABEL_WIDTH}" y="${y}" width="${length.toFixed(1)}" height="${BAR_HEIGHT - 4}" fill="${COLORS[figure.subject]}"/>`,
        text(
          LABEL_WIDTH + length + 6,
          y + 14,
          `${Math.round(figure.requestsPerSecond)}/s, × ${figure.ratioToPassThrough.toFixed(2)}`,
        ),
      );
      y += BAR_HEIGHT;
    }
    y += GROUP_GAP - BAR_HEIGHT;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>\n`;
}

function text(x: number, y: number, content: string, weight = "normal"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}" fill="#202124">${content}</text>`;
}
