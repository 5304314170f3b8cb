import type { Grouping } from "./usage-query.ts";

/** The grouped values of a row, in the order of the query's `groupBy`. */
export interface GroupedRow {
  readonly group0: string | number;
  readonly group1: string | number | null;
  readonly group2: string | number | null;
}

/** The values as a list of `groupBy`'s length, which is what a cursor carries. */
export function groupValues(row: GroupedRow, groupBy: readonly Grouping[]): (string | number | null)[] {
  return [row.group0, row.group1, row.group2].slice(0, groupBy.length);
}

/** The values by name as clients see them: times in ISO 8601, null where a dimension is empty. */
export function groupOf(row: GroupedRow, groupBy: readonly Grouping[]): Record<string, string | null> {
  const values = groupValues(row, groupBy);
  return Object.fromEntries(groupBy.map((grouping, index) => [grouping, labelOf(grouping, values[index])]));
}

function labelOf(grouping: Grouping, value: string | number | null | undefined): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (grouping === "hour" || grouping === "day") return new Date(Number(value)).toISOString();
  return String(value);
}
