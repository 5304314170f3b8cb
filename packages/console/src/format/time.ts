/** An ISO time in the reader's own zone and language, to the second; a dash for none. */
export function formatTime(iso: string | null): string {
  if (iso === null) return "\u2013";
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** Milliseconds as people read them. */
export function formatMs(ms: number | null): string {
  if (ms === null) return "\u2013";
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
