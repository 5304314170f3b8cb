import { z } from "zod";
import type { ReportSource } from "../../env.ts";

const NANO_PER_USD = 1_000_000_000;
/** Longer than a report takes; a slow one is compared the next day. */
const TIMEOUT_MS = 10_000;

/** USD as reports give it: a number, or a decimal in a text. Not exact, which the tolerance of the comparison allows for. */
export const ReportedUsd = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .transform(Number),
]);

/** Asks a provider for a page of its report. Throws for any answer but the one that is documented. */
export async function fetchReport<Schema extends z.ZodType>(
  { apiBase, key }: ReportSource,
  path: string,
  query: Readonly<Record<string, string>>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const response = await fetch(`${apiBase}${path}?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${key}`, accept: "application/json" },
    // The key goes to the host that it is configured for and to no other.
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the report answered ${response.status}`);
  }
  return schema.parse(await response.json());
}

export function nanoOf(usd: number): number {
  return Math.round(usd * NANO_PER_USD);
}
