import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import type { MemberSpan } from "@aggregator/runtime/parse-json";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Which wire the client speaks: decides the shape of answers, errors and streams. */
export type Protocol =
  | "openai-chat"
  | "openai-completions"
  | "openai-responses"
  | "openai-other"
  | "anthropic-messages";

/** What a request may cost, before prices: bounds for the hold, a guess for what nobody reports. */
export interface InputSize {
  /** No tokenizer yields more tokens than this: bytes of text, a bound per image or file. */
  readonly maxTokens: number;
  /** Likely tokens (bytes / 4), for rate limits and for what is charged when nobody reports. */
  readonly likelyTokens: number;
}

/** What is priced by the piece: bounds for the hold, a guess for what nobody reports. */
export interface PieceSize {
  readonly images: number;
  readonly maxAudioSeconds: number;
  readonly likelyAudioSeconds: number;
}

/** A request of the data plane, checked where we use it and otherwise as the client sent it. */
export interface InferenceRequest {
  readonly endpoint: DataPlaneEndpoint;
  readonly protocol: Protocol;
  /** The body's text and where its members stand, for forwarding it with its bytes untouched. */
  readonly text: string;
  readonly members: ReadonlyMap<string, MemberSpan>;
  readonly body: JsonObject;
  /** Requested model first, then the request's own fallbacks. */
  readonly models: readonly string[];
  readonly preferences: ProviderPreferences | null;
  readonly stream: boolean;
  /** The client asked to see the usage frame of its stream. */
  readonly includeUsage: boolean;
  /** The client's output limit and the fields it stands in; null when it set none. */
  readonly outputLimit: { readonly fields: readonly string[]; readonly tokens: number } | null;
  /** Answers wanted (`n`). */
  readonly choices: number;
  /** False where the endpoint yields no output tokens (embeddings). */
  readonly producesOutput: boolean;
  /** Costs nothing anywhere (a count of tokens): nothing is held or charged, limits still apply. */
  readonly isFree: boolean;
  readonly input: InputSize;
  /** null where nothing is priced by the piece. */
  readonly pieces: PieceSize | null;
  /** The form of a request that uploads files; null for JSON. */
  readonly form: FormData | null;
  /** Headers of the client that choose behaviour at its vendor (versions, betas); nothing else of its headers travels on. */
  readonly vendorHeaders: Readonly<Record<string, string>>;
}
