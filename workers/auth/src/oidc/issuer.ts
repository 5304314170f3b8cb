import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";
import * as oauth from "oauth4webapi";
import type { Call } from "../call.ts";
import { guardedFetch, RefusedUrlError } from "./guarded-fetch.ts";

/** How long an isolate keeps what the issuer says of itself. */
const FRESH_MS = 3_600_000;

/** The issuer that people may sign in by, ready to be asked. */
export interface Issuer {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly options: ReturnType<typeof optionsOf>;
  /** The issuer's keys, which the library reads and keeps here. */
  readonly keys: oauth.JWKSCacheInput;
  readonly redirectUri: string;
}

/** Of this isolate: values, never a promise, which would belong to the request that made it. */
let known: { readonly server: oauth.AuthorizationServer; readonly keys: oauth.JWKSCacheInput; atMs: number } | null =
  null;

/** The configured issuer, null where none is. Throws when it cannot be read or says that it is another. */
export async function openIssuer(call: Call): Promise<Issuer | null> {
  const { OIDC_ISSUER: url, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret, PUBLIC_URL } = call.config;
  if (url === "") return null;
  const options = optionsOf(call.config.ALLOW_PRIVATE_UPSTREAMS);
  if (known === null || known.server.issuer !== url || call.nowMs - known.atMs >= FRESH_MS) {
    const identifier = new URL(url);
    const answer = await oauth.discoveryRequest(identifier, options);
    known = { server: await oauth.processDiscoveryResponse(identifier, answer), keys: {}, atMs: call.nowMs };
  }
  return {
    server: known.server,
    client: { client_id: clientId },
    authentication: secret === "" ? oauth.None() : oauth.ClientSecretBasic(secret),
    options,
    keys: known.keys,
    redirectUri: `${PUBLIC_URL}/console/oidc`,
  };
}

/** Where the browser goes to sign in. Throws when the issuer names no such place, or none that is safe. */
export function authorizationUrl(issuer: Issuer, allowPrivate: boolean): URL {
  const checked = checkOutboundUrl(issuer.server.authorization_endpoint ?? "", { allowPrivate });
  if (!checked.ok) throw new RefusedUrlError(checked.error.message);
  return checked.value;
}

function optionsOf(allowPrivate: boolean) {
  return { [oauth.customFetch]: guardedFetch(allowPrivate), [oauth.allowInsecureRequests]: allowPrivate };
}
