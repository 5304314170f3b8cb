import { fileURLToPath } from "node:url";
import Anthropic from "@anthropic-ai/sdk";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import OpenAI from "openai";
import { createTestHarness } from "wrangler";
import { startProvider, type RunningProvider } from "../provider/provider.ts";
import type { ProviderCall, ProviderScript } from "../provider/script.ts";
import { planFor, principalOf, type AccountStub } from "./requests.ts";

/** The Worker over real sockets, a provider beside it, and the vendors' own clients, unmodified. */
export class Rig {
  readonly #harness = createTestHarness({
    workers: [{ configPath: fileURLToPath(new URL("wrangler.toml", import.meta.url)) }],
  });
  #provider: RunningProvider | null = null;
  #workerUrl = "";
  #requests = 0;

  async start(): Promise<void> {
    this.#provider = await startProvider();
    this.#workerUrl = (await this.#harness.listen()).url.href.replace(/\/$/, "");
  }

  async stop(): Promise<void> {
    this.#provider?.stop();
    await this.#harness.close();
  }

  /** A company whose only model is served by provider doubles of these kinds, named `a`, `b`, … */
  async company(kinds: readonly PlannedEndpoint["kind"][], changes: Partial<PlannedEndpoint> = {}): Promise<Company> {
    this.#requests += 1;
    const id = `rig-${this.#requests}-${Math.random().toString(36).slice(2, 8)}`;
    const env = await this.#harness.getWorker<{ COMPANY_ACCOUNT: { getByName(name: string): AccountStub } }>().getEnv();
    const account = env.COMPANY_ACCOUNT.getByName(id);
    const [template] = planFor("").endpoints;
    if (template === undefined) throw new Error("the plan is empty");
    const endpoints = kinds.map((kind, index) => {
      const slug = "abcdef"[index] ?? "x";
      const root = `${this.#provider?.url ?? ""}/${id}-${slug}`;
      const isVersioned = kind !== "anthropic" && kind !== "gemini";
      return {
        ...template,
        kind,
        provider: slug,
        endpointId: `${id}-${slug}`,
        credential: { ...template.credential, id: `${id}-${slug}` },
        baseUrl: isVersioned ? `${root}/v1` : root,
        ...changes,
      };
    });
    await account.setPlan("model", { endpoints, allowFallbacks: true });
    return new Company(id, account, this.#workerUrl, this.#provider?.url ?? "");
  }
}

export class Company {
  readonly id: string;
  readonly account: AccountStub;
  readonly #workerUrl: string;
  readonly #providerUrl: string;
  #requests = 0;

  constructor(id: string, account: AccountStub, workerUrl: string, providerUrl: string) {
    this.id = id;
    this.account = account;
    this.#workerUrl = workerUrl;
    this.#providerUrl = providerUrl;
  }

  async provider(slug: string, ...scripts: readonly ProviderScript[]): Promise<void> {
    await fetch(`${this.#providerUrl}/script/${this.id}-${slug}`, { method: "PUT", body: JSON.stringify(scripts) });
  }

  async calls(slug = "a"): Promise<ProviderCall[]> {
    const response = await fetch(`${this.#providerUrl}/calls/${this.id}-${slug}`);
    return response.json<ProviderCall[]>();
  }

  /** What the gateway adds to a client's request. */
  readonly fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    this.#requests += 1;
    const headers = new Headers(init?.headers);
    headers.set(CONTEXT_HEADERS.requestId, `${this.id}-${this.#requests}`);
    headers.set(CONTEXT_HEADERS.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    headers.set(CONTEXT_HEADERS.principal, JSON.stringify(principalOf(this.id)));
    headers.set(CONTEXT_HEADERS.receivedAtMs, String(Date.now()));
    return fetch(url, { ...init, headers });
  };

  post(path: string, body: object, init: RequestInit = {}): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return this.fetch(`${this.#workerUrl}${path}`, { method: "POST", headers, body: JSON.stringify(body), ...init });
  }

  get openai(): OpenAI {
    return new OpenAI({ baseURL: `${this.#workerUrl}/v1`, apiKey: "ag_test", fetch: this.fetch, maxRetries: 0 });
  }

  get anthropic(): Anthropic {
    return new Anthropic({ baseURL: this.#workerUrl, apiKey: "ag_test", fetch: this.fetch, maxRetries: 0 });
  }

  /** Endings other than dispatch marks, once there are `count`. */
  async endings(count = 1) {
    for (let round = 0; ; round += 1) {
      const { endCalls } = await this.account.log();
      const endings = endCalls.flat().filter((ending) => ending.kind !== "dispatched");
      if (endings.length >= count || round > 400) return endings;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}
