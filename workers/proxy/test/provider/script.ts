/** One scripted answer of the provider double. Steps run in order; `chunks` are written as they are. */
export interface ProviderScript {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks?: readonly string[];
  /** Sent instead of `chunks`: base64, so that a test can cut inside a character. */
  readonly base64Chunks?: readonly string[];
  readonly delayMs?: number;
  readonly betweenMs?: number;
  /** Never send headers. */
  readonly hang?: boolean;
  /** Stop after the chunks without ending the answer. */
  readonly stall?: boolean;
  /** Break the connection after the chunks. */
  readonly cut?: boolean;
  /** Repeat the chunks so often. */
  readonly repeat?: number;
}

export interface ProviderCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  closedEarly: boolean;
}
