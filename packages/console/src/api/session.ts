import type { SessionView } from "@aggregator/contracts/auth";

const STORAGE_KEY = "console.refresh_token";

/**
 * The signed-in session. The access token lives in memory only; the refresh token in the tab's own
 * storage, so that a reload stays signed in and a closed tab does not.
 */
export class Session {
  readonly #storage: Storage;
  #accessToken: string | null = null;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  get accessToken(): string | null {
    return this.#accessToken;
  }

  get refreshToken(): string | null {
    return this.#storage.getItem(STORAGE_KEY);
  }

  begin(view: SessionView): void {
    this.#accessToken = view.access_token;
    this.#storage.setItem(STORAGE_KEY, view.refresh_token);
  }

  end(): void {
    this.#accessToken = null;
    this.#storage.removeItem(STORAGE_KEY);
  }
}
