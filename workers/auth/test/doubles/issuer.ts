import { base64url, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** An OpenID Connect issuer that signs real tokens, and misbehaves as its authorization request asks. */
export interface IssuerDouble {
  answer(request: Request): Promise<Response | null>;
}

export const ISSUER = "https://issuer.example";
export const PRIVATE_ISSUER = "http://127.0.0.1:9400";
/** Says of itself that it is `ISSUER`. */
export const LYING_ISSUER = "https://lying-issuer.example";
export const CLIENT_ID = "aggregator-tests";
export const CLIENT_SECRET = "secret of the client";

/** What an authorization request asked for, by the code that it got. */
interface Login {
  readonly issuer: string;
  readonly asked: URLSearchParams;
}

export async function createIssuer(): Promise<IssuerDouble> {
  const [ours, strangers] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: "k1", alg: "RS256", use: "sig" };
  const logins = new Map<string, Login>();

  const handlers: Readonly<Record<string, (request: Request, issuer: string) => Promise<Response> | Response>> = {
    "GET /.well-known/openid-configuration": (_, issuer) => Response.json(metadataOf(issuer)),
    "GET /jwks": () => Response.json({ keys: [jwk] }),
    "GET /authorize": (request, issuer) => {
      const asked = new URL(request.url).searchParams;
      const code = crypto.randomUUID();
      logins.set(code, { issuer, asked });
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", asked.get("state") ?? "");
      back.searchParams.set("iss", issuer);
      return new Response(null, { status: 302, headers: { location: back.toString() } });
    },
    "POST /token": async (request) => {
      const sent = new URLSearchParams(await request.text());
      const login = logins.get(sent.get("code") ?? "");
      logins.delete(sent.get("code") ?? "");
      if (login === undefined || !isRightClient(request) || !(await isRightProof(sent, login.asked))) {
        return Response.json({ error: "invalid_grant" }, { status: 400 });
      }
      const misbehave = login.asked.get("misbehave") ?? "";
      if (misbehave === "redirect")
        return new Response(null, { status: 307, headers: { location: `${login.issuer}/x` } });
      if (misbehave === "fails") return new Response("<html>", { status: 500 });
      const token = await idTokenOf(login, misbehave, ours.privateKey, strangers.privateKey);
      return Response.json({
        access_token: "access token of the issuer",
        token_type: "Bearer",
        ...(misbehave === "no-id-token" ? {} : { id_token: token }),
      });
    },
  };
  return {
    async answer(request) {
      const url = new URL(request.url);
      if (![ISSUER, PRIVATE_ISSUER, LYING_ISSUER].includes(url.origin)) return null;
      const handle = handlers[`${request.method} ${url.pathname}`];
      const issuer = url.origin === LYING_ISSUER ? ISSUER : url.origin;
      return handle === undefined ? new Response(null, { status: 404 }) : handle(request, issuer);
    },
  };
}

function metadataOf(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  };
}

/** RFC 6749 2.3.1: both parts are form-encoded before they are joined. */
function isRightClient(request: Request): boolean {
  const [, basic = ""] = (request.headers.get("authorization") ?? "").split("Basic ");
  const sent = atob(basic)
    .split(":")
    .map((text) => new URLSearchParams(`x=${text}`).get("x"));
  return sent.length === 2 && sent[0] === CLIENT_ID && sent[1] === CLIENT_SECRET;
}

async function isRightProof(sent: URLSearchParams, asked: URLSearchParams): Promise<boolean> {
  const verifier = new TextEncoder().encode(sent.get("code_verifier") ?? "");
  const challenge = base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", verifier)));
  const isPkce = asked.get("code_challenge_method") === "S256" && challenge === asked.get("code_challenge");
  return isPkce && sent.get("redirect_uri") === asked.get("redirect_uri");
}

async function idTokenOf({ issuer, asked }: Login, misbehave: string, key: CryptoKey, strangersKey: CryptoKey) {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const good: JWTPayload = {
    iss: issuer,
    aud: CLIENT_ID,
    sub: asked.get("sub") ?? "",
    iat: nowSeconds,
    exp: nowSeconds + 300,
    nonce: asked.get("nonce") ?? "",
    email: asked.get("email") ?? "",
    email_verified: true,
  };
  const claims = { ...good, ...WRONG_CLAIMS[misbehave] };
  if (misbehave === "alg-none") return `${part({ alg: "none" })}.${part(claims)}.`;
  if (misbehave === "no-signature") return `${part({ alg: "RS256", kid: "k1" })}.${part(claims)}.`;
  const alg = misbehave === "hs256" ? "HS256" : "RS256";
  const signed = new SignJWT(JSON.parse(JSON.stringify(claims)) as JWTPayload).setProtectedHeader({ alg, kid: "k1" });
  if (misbehave === "hs256") return signed.sign(new TextEncoder().encode(CLIENT_SECRET));
  return signed.sign(misbehave === "strangers-key" ? strangersKey : key);
}

const WRONG_CLAIMS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "wrong-nonce": { nonce: "another" },
  "no-nonce": { nonce: undefined },
  "wrong-aud": { aud: "another-client" },
  "wrong-iss": { iss: "https://evil.example" },
  "no-sub": { sub: undefined },
  expired: { iat: 1, exp: 2 },
  "email-unverified": { email_verified: false },
  "email-verified-by-text": { email_verified: "true" },
  "email-verified-unsaid": { email_verified: undefined },
  "no-email": { email: undefined },
};

function part(value: unknown): string {
  return base64url.encode(JSON.stringify(value));
}
