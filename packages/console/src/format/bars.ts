export interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the bars of a chart stand: evenly over `width`, the greatest value as high as `height`; nothing but zeros stays flat. */
export function barsOf(values: readonly number[], width: number, height: number, gap = 2): readonly Bar[] {
  const greatest = Math.max(0, ...values);
  const step = values.length === 0 ? 0 : width / values.length;
  return values.map((value, index) => {
    const barHeight = greatest === 0 ? 0 : (Math.max(0, value) / greatest) * height;
    return { x: index * step, y: height - barHeight, width: Math.max(1, step - gap), height: barHeight };
  });
}
