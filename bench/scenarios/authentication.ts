export interface AuthenticationFigure {
  readonly calls: number;
  /** Median of the rounds, of all threads of the process: the digest is made on another one. */
  readonly cpuMicrosPerCall: number;
}

const KEY = `ag_live_${"k".repeat(40)}`;
const PRINCIPAL = {
  actor: {
    kind: "api_key",
    companyId: "company",
    memberId: "member",
    keyId: "key",
    permissions: ["inference:create"],
    platformAdmin: false,
  },
  key: {
    keyId: "key",
    rateLimits: {},
    budget: null,
    allowedModels: null,
    allowedProviders: null,
    allowedEndpoints: null,
    // The dearest of what is checked on each request: the last of several blocks is the right one.
    allowedIps: ["198.51.100.0/24", "2001:db8::/32", "203.0.113.0/24", "192.0.2.0/24"],
    expiresAtMs: null,
    preferences: null,
    cacheMaxAgeSeconds: null,
  },
  company: { preferences: null, rateLimits: {} },
};

interface GatewayModule {
  readonly authenticate: (
    headers: Headers,
    identity: object,
    env: object,
    config: object,
    mayBeCached: boolean,
  ) => Promise<{ readonly ok: boolean }>;
}

/** CPU of the gateway's `authenticate` for a key that it remembers. Throws when auth was asked more than once. */
export async function measureAuthentication(rounds: number, calls: number): Promise<AuthenticationFigure> {
  let asked = 0;
  const auth = {
    authenticate: () => {
      asked += 1;
      return Promise.resolve({ ok: true, value: PRINCIPAL });
    },
  };
  const env = { AUTH: auth };
  const config = { AUTH_TIMEOUT_MS: 1_000, KEY_CACHE_MS: 10_000 };
  const headers = new Headers({ authorization: `Bearer ${KEY}` });
  const context = { requestId: "request", traceparent: "trace", clientIp: "192.0.2.7" };
  const identity = { context, clientRequestId: null, receivedAtMs: Date.now(), span: null, problem: null };
  const { authenticate } = await loadGateway();
  const run = async (): Promise<number> => {
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) {
      const known = await authenticate(headers, identity, env, config, true);
      if (!known.ok) throw new Error("the key was refused");
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  };
  await run();
  const micros: number[] = [];
  for (let round = 0; round < rounds; round += 1) micros.push(await run());
  if (asked !== 1) throw new Error(`the cache was not warm: auth was asked ${asked} times`);
  micros.sort((left, right) => left - right);
  return { calls, cpuMicrosPerCall: micros[Math.floor(micros.length / 2)] ?? Number.NaN };
}

/** By its address: the gateway is typed for Workers, this program for Node, and they differ on globals. */
async function loadGateway(): Promise<GatewayModule> {
  const address = new URL("../../workers/gateway/src/auth/authenticate.ts", import.meta.url).href;
  return (await import(address)) as GatewayModule;
}
