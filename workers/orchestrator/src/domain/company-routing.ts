import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import type { SealedCredential } from "./candidate.ts";

/** A key that a company brought, with the host that it was given for. */
export interface OwnCredential extends SealedCredential {
  readonly host: string;
}

/** What a company says about routing its requests. */
export interface CompanyRouting {
  /** null: nothing. */
  readonly preferences: ProviderPreferences | null;
  /** At most one per provider. */
  readonly credentials: readonly OwnCredential[];
}
