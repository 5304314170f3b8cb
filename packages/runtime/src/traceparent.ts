const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's `traceparent` when well-formed, else a new one. https://www.w3.org/TR/trace-context/ */
export function traceparentOf(header: string | null | undefined, random: () => string = randomHex): string {
  if (header !== null && header !== undefined && TRACEPARENT.test(header)) return header;
  const hex = random();
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-01`;
}

function randomHex(): string {
  const uuid = () => crypto.randomUUID().replaceAll("-", "");
  return uuid() + uuid();
}
