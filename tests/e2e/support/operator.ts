import { type Platform, textAt } from "../walk/platform.ts";

/** The operator of a running platform, who registers providers and models. */
export class Operator {
  readonly #platform: Platform;
  readonly #token: string;

  private constructor(platform: Platform, token: string) {
    this.#platform = platform;
    this.#token = token;
  }

  static async signIn(platform: Platform): Promise<Operator> {
    const session = await platform.sendJson("POST", "/v1/auth/login", platform.credentials.admin);
    return new Operator(platform, textAt(session.body, "access_token"));
  }

  /** Registers a provider under a slug of its own and returns it. */
  async addProvider(input: Readonly<Record<string, unknown>>): Promise<string> {
    const slug = `e2e-${crypto.randomUUID().slice(0, 8)}`;
    await this.#create("/v1/admin/providers", { slug, kind: "openai-compatible", ...input });
    return slug;
  }

  /** Registers a model under an id of its own and returns it; `prices` absent: not priced. */
  async addModel(input: {
    readonly prices?: Readonly<Record<string, unknown>>;
    readonly provider?: string;
    /** A second endpoint, at this provider. */
    readonly otherProvider?: string;
    readonly maxOutputTokens?: number;
  }): Promise<string> {
    const id = `e2e/${crypto.randomUUID().slice(0, 8)}`;
    const providers = [input.provider ?? "sandbox", input.otherProvider].filter((slug) => slug !== undefined);
    await this.#create("/v1/admin/models", {
      id,
      context_window: 128_000,
      max_output_tokens: input.maxOutputTokens ?? 4_096,
      endpoints: providers.map((provider) => ({ provider, upstream_model: "echo", prices: input.prices })),
    });
    return id;
  }

  /** The kill switch of a provider. */
  async switchProvider(slug: string, enabled: boolean): Promise<void> {
    const changed = await this.#platform.send("PATCH", `/v1/admin/providers/${slug}`, {
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      body: JSON.stringify({ enabled }),
    });
    if (changed.status !== 200) throw new Error(`a provider was not switched: ${JSON.stringify(changed.body)}`);
  }

  /** Where the sandbox provider is, as the catalogue has it. */
  async sandboxUrl(): Promise<string> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const provider = await this.#platform.send("GET", "/v1/admin/providers/sandbox", { headers });
    return textAt(provider.body, "base_url");
  }

  async #create(path: string, input: unknown): Promise<void> {
    const answer = await this.#platform.sendJson("POST", path, input, this.#token);
    if (answer.status !== 201)
      throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}
