export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Area {
  readonly width: number;
  readonly height: number;
  /** The value that is as high as the area. */
  readonly top: number;
}

/** Where the bars of a chart stand: evenly over the area. A value above nothing is always seen. */
export function barsOf(values: readonly number[], { width, height, top }: Area): readonly Bar[] {
  const step = values.length === 0 ? 0 : width / values.length;
  const barWidth = Math.max(1, Math.min(step * 0.7, 28));
  return values.map((value, index) => {
    const barHeight = value <= 0 || top <= 0 ? 0 : Math.max(1.5, (Math.min(value, top) / top) * height);
    return { x: index * step + (step - barWidth) / 2, y: height - barHeight, width: barWidth, height: barHeight };
  });
}

/** The least round number (1, 2, 2.5 or 5 times a power of ten) that no value exceeds; 1 for nothing but zeros. */
export function roundTop(values: readonly number[]): number {
  const greatest = Math.max(0, ...values);
  if (greatest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  const factor = [1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= greatest) ?? 10;
  return factor * power;
}
