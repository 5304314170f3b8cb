import type { JsonObject, JsonScalar } from "@aggregator/contracts/json";

export interface Difference {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Which fields of a view a change changed, for the audit log; null when none. Nested values as their JSON, absent ones as null. */
export function differenceOf<View extends object>(before: View, after: View): Difference | null {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changes = names.flatMap((name) => {
    const was: unknown = Reflect.get(before, name);
    const is: unknown = Reflect.get(after, name);
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [[name, scalarOf(was), scalarOf(is)] as const];
  });
  if (changes.length === 0) return null;
  return {
    before: Object.fromEntries(changes.map(([name, was]) => [name, was])),
    after: Object.fromEntries(changes.map(([name, , is]) => [name, is])),
  };
}

function scalarOf(value: unknown): JsonScalar {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}
