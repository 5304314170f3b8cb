import type { Candidate } from "./candidate.ts";
import { hostOf } from "./check-base-url.ts";
import type { OwnCredential } from "./company-routing.ts";

/**
 * The candidates, and beside each whose provider the company has a key for, the same with that key: at
 * the fee, and also where nobody set the provider up for the platform. A key is passed by where the
 * provider has moved to another host than it was given for. Pure.
 */
export function withOwnCredentials(
  candidates: readonly Candidate[],
  credentials: readonly OwnCredential[],
  feeBps: number,
): readonly Candidate[] {
  if (credentials.length === 0) return candidates;
  const byProvider = new Map(credentials.map((credential) => [credential.providerSlug, credential]));
  return candidates.flatMap((candidate) => {
    const credential = byProvider.get(candidate.provider);
    if (credential === undefined || credential.host !== hostOf(candidate.baseUrl)) return [candidate];
    const own: Candidate = {
      ...candidate,
      credential,
      owner: "company",
      isEnabled: candidate.isOnForOwnKeys,
      price: candidate.price === null ? null : { ...candidate.price, feeBps },
    };
    return [own, candidate];
  });
}
