/** A call as the sandbox provider saw it. */
export interface UpstreamCall {
  readonly model: string;
  readonly stream: boolean;
  readonly state: "open" | "completed" | "failed" | "aborted";
  readonly produced: number;
}

/** What reached the provider. `baseUrl` as a provider's `base_url`. */
export class Sandbox {
  readonly baseUrl: string;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  /** The calls whose request carried `sandbox: { label }`. */
  async calls(label: string): Promise<readonly UpstreamCall[]> {
    const response = await fetch(`${new URL(this.baseUrl).origin}/sandbox/calls?label=${encodeURIComponent(label)}`);
    const { calls } = (await response.json()) as { calls: readonly UpstreamCall[] };
    return calls;
  }
}
