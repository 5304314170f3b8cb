import type { Candidate, SealedCredential } from "./candidate.ts";

/** What health knows a credential by. What was seen of a key says nothing of the one that replaced it in the same row. */
export function healthIdOf({ credential, provider }: Pick<Candidate, "credential" | "provider">): string {
  return credential === null ? `keyless:${provider}` : keyHealthId(credential);
}

function keyHealthId({ id, revision }: SealedCredential): string {
  return revision === 1 ? id : `${id}.${revision}`;
}
