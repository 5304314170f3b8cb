/** A count with its thousands apart. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** A count for an axis: `1.2K`. */
export function formatCountShort(count: number): string {
  return Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}

/** A share (0–1) in percent; a dash for none. */
export function formatShare(share: number | null): string {
  if (share === null) return "\u2013";
  return `${(share * 100).toLocaleString("en-US", { maximumFractionDigits: share > 0 && share < 0.1 ? 2 : 1 })}%`;
}

/** A word of the wire (`low_balance`) as people read it: `Low balance`. */
export function formatName(name: string): string {
  const words = name.replaceAll("_", " ").replaceAll(":", ": ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
