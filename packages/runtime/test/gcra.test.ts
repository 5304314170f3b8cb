import { describe, expect, it } from "vitest";
import { correctGcra, decideGcra } from "../src/gcra.ts";

const NOW = 1_000_000;

function admitMany(
  limit: number,
  cost: number,
  tries: number,
  nowMs: number,
  tatMs = 0,
): { admitted: number; tatMs: number } {
  let admitted = 0;
  let tat = tatMs;
  for (let i = 0; i < tries; i += 1) {
    const decision = decideGcra(tat, nowMs, limit, cost);
    if (decision.admitted) admitted += 1;
    tat = decision.tatMs;
  }
  return { admitted, tatMs: tat };
}

describe("GCRA", () => {
  it.each([1, 3, 7, 10, 60, 997, 100_000])("case 63: a limit of %i admits exactly that many at once", (limit) => {
    expect(admitMany(limit, 1, limit * 2, NOW).admitted).toBe(limit);
  });

  it("case 64: five requests of 80 tokens against 100 per minute admit one", () => {
    expect(admitMany(100, 80, 5, NOW).admitted).toBe(1);
  });

  it("case 66: no burst at a window's edge: one unit comes back per interval", () => {
    const full = admitMany(10, 1, 10, NOW);
    expect(admitMany(10, 1, 5, NOW + 6_000, full.tatMs).admitted).toBe(1);
    expect(admitMany(10, 1, 50, NOW + 60_000, full.tatMs).admitted).toBe(10);
  });

  it.each([3_600_000, -3_600_000])(
    "case 66: a clock step of %i ms never admits more than limit + burst nor blocks over a minute",
    (step) => {
      const full = admitMany(10, 1, 10, NOW + 3_600_000);
      const later = NOW + 3_600_000 + step;
      const stepped = admitMany(10, 1, 100, later, full.tatMs);
      expect(stepped.admitted).toBeLessThanOrEqual(10);
      expect(admitMany(10, 1, 100, later + 60_000, stepped.tatMs).admitted).toBe(10);
    },
  );

  it("says how long until a refused request would be admitted, and that is enough", () => {
    const full = admitMany(1, 1, 1, NOW);
    const refused = decideGcra(full.tatMs, NOW + 10_000, 1, 1);
    expect(refused).toMatchObject({ admitted: false, remaining: 0 });
    expect(refused.retryAfterMs).toBe(50_000);
    expect(decideGcra(full.tatMs, NOW + 10_000 + refused.retryAfterMs, 1, 1).admitted).toBe(true);
  });

  it("never admits a cost above the limit itself", () => {
    expect(decideGcra(0, NOW, 100, 101)).toMatchObject({ admitted: false, retryAfterMs: Infinity });
  });

  it("gives back what an estimate took too much", () => {
    const first = decideGcra(0, NOW, 100, 80);
    const corrected = correctGcra(first.tatMs, 100, 80, 20);
    expect(decideGcra(corrected, NOW, 100, 80).admitted).toBe(true);
    expect(decideGcra(corrected, NOW, 100, 81).admitted).toBe(false);
  });
});
