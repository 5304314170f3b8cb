/** The smallest UUIDv7 of a millisecond: a range of time is a range of request ids. */
export function requestIdAt(ms: number): string {
  const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
