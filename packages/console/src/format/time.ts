/** An ISO time in the reader's own zone and language, to the second; a dash for none. */
export function formatTime(iso: string | null): string {
  if (iso === null) return "\u2013";
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** The day alone, in the reader's zone. */
export function formatDay(iso: string | null): string {
  if (iso === null) return "\u2013";
  return new Date(iso).toLocaleDateString(undefined, { dateStyle: "medium" });
}

/** A month of statements (`2026-11`) by its name. */
export function formatMonth(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString(undefined, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}

const STEPS: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly ms: number }[] = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
];

/** How long ago, or until: `3 hours ago`, `in 2 days`; below a minute `just now`. */
export function formatAgo(iso: string | null, nowMs: number): string {
  if (iso === null) return "never";
  const differenceMs = Date.parse(iso) - nowMs;
  const step = STEPS.find(({ ms }) => Math.abs(differenceMs) >= ms);
  if (step === undefined) return "just now";
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.trunc(differenceMs / step.ms), step.unit);
}

/** Milliseconds as people read them. */
export function formatMs(ms: number | null): string {
  if (ms === null) return "\u2013";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
