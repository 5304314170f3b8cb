import type { DisconnectPolicy } from "@aggregator/contracts/orchestrator";
import type { ProviderKind } from "@aggregator/contracts/provider-kinds";
import type { PriceVersion } from "@aggregator/contracts/prices";
import type { RoutingStrategy } from "@aggregator/contracts/routing";

/** A credential as it is stored: sealed. */
export interface SealedCredential {
  readonly id: string;
  readonly providerSlug: string;
  readonly companyId: string;
  readonly sealedSecret: string;
  readonly revision: number;
}

/** One way to serve a model, as the catalogue has it, usable or not. */
export interface Candidate {
  readonly endpointId: string;
  readonly model: string;
  readonly provider: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string;
  readonly upstreamModel: string;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly onDisconnect: DisconnectPolicy;
  readonly collectsData: boolean;
  /** Lower is tried first. */
  readonly priority: number;
  readonly weight: number;
  /** Switched on, and so is its provider. */
  readonly isEnabled: boolean;
  /** Switched on, and its provider was not switched off: for a company's own key, nobody needs to have set it up. */
  readonly isOnForOwnKeys: boolean;
  /** null: none was ever set. One that prices nothing may be here too. */
  readonly price: PriceVersion | null;
  readonly credential: SealedCredential | null;
  /** Whose credential it is. */
  readonly owner: "platform" | "company";
}

/** A model that exists, with every endpoint of it. */
export interface ModelCandidates {
  readonly model: string;
  readonly strategy: RoutingStrategy;
  readonly isSticky: boolean;
  readonly candidates: readonly Candidate[];
}
