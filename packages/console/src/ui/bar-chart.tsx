import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { barsOf, roundTop } from "../format/bars.ts";

export interface Point {
  /** Of its time. */
  readonly label: string;
  readonly value: number;
  /** What is said of it. */
  readonly text: string;
}

interface BarChartProps {
  readonly title: string;
  /** The sum, or what else is said when no bar is pointed at. */
  readonly total: string;
  readonly points: readonly Point[];
  readonly formatTick: (value: number) => string;
}

const WIDTH = 480;
const HEIGHT = 130;
const LEFT = 62;

/** Bars over time. Who cannot see them reads the table beside. */
export function BarChart({ title, total, points, formatTick }: BarChartProps): JSX.Element {
  const [active, setActive] = useState<number | null>(null);
  const top = roundTop(points.map(({ value }) => value));
  const bars = barsOf(
    points.map(({ value }) => value),
    { width: WIDTH - LEFT, height: HEIGHT, top },
  );
  const step = (WIDTH - LEFT) / Math.max(1, points.length);
  const shown = active === null ? undefined : points[active];
  return (
    <figure class="chart">
      <figcaption>
        <span>{title}</span>
        <strong>{shown === undefined ? total : shown.text}</strong>
        <span class="faint">{shown?.label ?? ""}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 24}`} aria-hidden="true" onPointerLeave={() => setActive(null)}>
        {[0, 0.5, 1].map((share) => (
          <g key={share} transform={`translate(0 ${4 + HEIGHT * (1 - share)})`}>
            <line x1={LEFT} x2={WIDTH} />
            <text x={LEFT - 8} dy="0.32em" text-anchor="end">
              {formatTick(top * share)}
            </text>
          </g>
        ))}
        <g transform={`translate(${LEFT} 4)`}>
          {bars.map((bar, index) => (
            <g key={index} onPointerEnter={() => setActive(index)}>
              <rect class="hit" x={index * step} y={0} width={step} height={HEIGHT} />
              <rect class={index === active ? "bar active" : "bar"} rx={1.5} {...bar} />
            </g>
          ))}
          <text y={HEIGHT + 17}>{points[0]?.label}</text>
          <text x={WIDTH - LEFT} y={HEIGHT + 17} text-anchor="end">
            {points.at(-1)?.label}
          </text>
        </g>
      </svg>
      <div class="hidden">
        <table>
          <caption>{title}</caption>
          <tbody>
            {points.map(({ label, text }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
