import type { KeyPolicy } from "@aggregator/contracts/actor";
import { err, ok, type Result } from "@aggregator/contracts/result";
import ipaddr from "ipaddr.js";

/**
 * What must hold for a key at this moment, whatever a cache says: not expired (`invalid_api_key`), and
 * the client's address inside the key's list (`permission_denied`; fails closed when the address is
 * unknown or an entry of the list is malformed).
 */
export function checkKeyPolicy(key: KeyPolicy | null, clientIp: string | null, nowMs: number): Result<void> {
  if (key === null) return ok();
  if (key.expiresAtMs !== null && key.expiresAtMs <= nowMs) {
    return err("invalid_api_key", "The API key has expired. Create a new one.");
  }
  if (key.allowedIps !== null && !isListed(clientIp, key.allowedIps)) {
    return err("permission_denied", "This API key may not be used from your network address.");
  }
  return ok();
}

/** Whether an address lies in one of the CIDR blocks (a bare address counts as a block of one). */
export function isListed(address: string | null, blocks: readonly string[]): boolean {
  if (address === null || !ipaddr.isValid(address)) return false;
  // `process` turns ::ffff:192.0.2.1 into 192.0.2.1, so that it cannot slip past an IPv4 block.
  const client = ipaddr.process(address);
  return blocks.some((block) => contains(block, client));
}

function contains(block: string, client: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ipaddr.isValidCIDR(block)) {
    const [network, bits] = ipaddr.parseCIDR(block);
    return network.kind() === client.kind() && client.match(network, bits);
  }
  return ipaddr.isValid(block) && ipaddr.process(block).toString() === client.toString();
}
