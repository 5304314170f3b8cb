/** The owner of the platform's own credentials, as the column holds it. */
export const PLATFORM = "";

/** What a sealed secret is bound to: moved to another row, provider or company it does not open. */
export function credentialBinding(row: {
  readonly id: string;
  readonly providerSlug: string;
  readonly companyId: string;
}): string {
  return ["orchestrator.credentials", row.id, row.providerSlug, row.companyId].join(":");
}

/** The last characters, to recognise a key by; nothing of one so short that they would give it away. */
export function hintOf(secret: string): string {
  return secret.length >= 12 ? secret.slice(-4) : "";
}
