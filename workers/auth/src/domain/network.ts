import ipaddr from "ipaddr.js";

/** Who to count attempts for: an IPv4 address, or the /64 of an IPv6 one, since one customer has all of it. */
export function networkOf(clientIp: string | null): string {
  if (clientIp === null || !ipaddr.isValid(clientIp)) return "unknown";
  // `process` turns ::ffff:192.0.2.1 into 192.0.2.1.
  const address = ipaddr.process(clientIp);
  if (address.kind() === "ipv4") return address.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`);
  return `${network.toString()}/64`;
}

/** A CIDR block in its canonical form (a bare address is a block of one); null when it is none. */
export function canonicalBlock(text: string): string | null {
  const block = text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(block) && !ipaddr.IPv6.isValidCIDR(block)) return null;
  const [address, bits] = ipaddr.parseCIDR(block);
  const network =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(block) : ipaddr.IPv6.networkAddressFromCIDR(block);
  return `${network.toString()}/${bits}`;
}

/** Whether every address of `inner` is in one of the `outer` blocks. Both canonical. */
export function isWithin(inner: string, outer: readonly string[]): boolean {
  const [address, bits] = ipaddr.parseCIDR(inner);
  return outer.some((block) => {
    const [network, outerBits] = ipaddr.parseCIDR(block);
    return network.kind() === address.kind() && bits >= outerBits && address.match(network, outerBits);
  });
}
