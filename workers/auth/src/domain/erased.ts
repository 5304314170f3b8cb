/** In the place of an address that was erased: unique, and nobody's (RFC 2606). */
export function erasedAddress(id: string): string {
  return `${id}@erased.invalid`;
}
