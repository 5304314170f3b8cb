import type { SessionView } from "@aggregator/contracts/auth";

const TOKEN_KEY = "console.refresh_token";
const SPENT_KEY = "console.spent_refresh_tokens";
/** As many as other tabs may still hold. */
const SPENT_KEPT = 20;

type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;
export type Tokens = Pick<SessionView, "access_token" | "refresh_token">;

/**
 * The signed-in session. The access token lives in memory only; the refresh token in the tab's own
 * storage, so that a reload stays signed in and a closed tab does not.
 */
export class Session {
  readonly #storage: TokenStorage;
  #accessToken: string | null = null;

  constructor(storage: TokenStorage) {
    this.#storage = storage;
  }

  get accessToken(): string | null {
    return this.#accessToken;
  }

  get refreshToken(): string | null {
    return this.#storage.getItem(TOKEN_KEY);
  }

  /** Another session than before: who asks for a token of that one gets none of this. */
  begin(tokens: Tokens): void {
    this.#storage.removeItem(SPENT_KEY);
    this.#hold(tokens);
  }

  /** The session goes on: the refresh token, good once, was traded for these. */
  goOn(tokens: Tokens): void {
    const before = this.refreshToken;
    if (before !== null) this.#storage.setItem(SPENT_KEY, [...this.#spent(), before].slice(-SPENT_KEPT).join(" "));
    this.#hold(tokens);
  }

  /** Whether this was the session's refresh token before. */
  hasSpent(refreshToken: string): boolean {
    return this.#spent().includes(refreshToken);
  }

  end(): void {
    this.#accessToken = null;
    this.#storage.removeItem(TOKEN_KEY);
    this.#storage.removeItem(SPENT_KEY);
  }

  #hold(tokens: Tokens): void {
    this.#accessToken = tokens.access_token;
    this.#storage.setItem(TOKEN_KEY, tokens.refresh_token);
  }

  #spent(): readonly string[] {
    return (this.#storage.getItem(SPENT_KEY) ?? "").split(" ");
  }
}
