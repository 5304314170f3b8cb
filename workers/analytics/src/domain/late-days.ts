import { DAY_MS, floorTo } from "./calendar.ts";
import type { CompanyCell } from "./latest-cells.ts";

/** Days that have ended and companies whose cells of them just changed. */
export function lateDays(cells: readonly CompanyCell[], nowMs: number): ReadonlyMap<number, readonly string[]> {
  const days = new Map<number, Set<string>>();
  for (const cell of cells) {
    const dayMs = floorTo(cell.hour_ms, DAY_MS);
    if (dayMs + DAY_MS > nowMs) continue;
    const companies = days.get(dayMs) ?? new Set();
    days.set(dayMs, companies.add(cell.company_id));
  }
  return new Map([...days].map(([dayMs, companies]) => [dayMs, [...companies]]));
}
