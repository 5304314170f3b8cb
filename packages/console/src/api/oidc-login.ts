const KEY = "console.oidc_login_token";

/** Keeps the secret of a sign-in elsewhere in this tab, until the browser is back. */
export function keepOidcLogin(token: string): void {
  window.sessionStorage.setItem(KEY, token);
}

/** The secret of the sign-in that was begun in this tab, once. */
export function takeOidcLogin(): string | null {
  const token = window.sessionStorage.getItem(KEY);
  window.sessionStorage.removeItem(KEY);
  return token;
}
