import type { SessionView } from "@aggregator/contracts/auth";

const STORAGE_KEY = "console.refresh_token";

type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

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
    return this.#storage.getItem(STORAGE_KEY);
  }

  begin(tokens: Pick<SessionView, "access_token" | "refresh_token">): void {
    this.#accessToken = tokens.access_token;
    this.#storage.setItem(STORAGE_KEY, tokens.refresh_token);
  }

  end(): void {
    this.#accessToken = null;
    this.#storage.removeItem(STORAGE_KEY);
  }
}
