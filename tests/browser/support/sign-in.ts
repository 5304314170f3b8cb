import type { Page } from "playwright-core";

/** Fills in the sign-in that a page shows. */
export async function signIn(on: Page, address: string, password: string): Promise<void> {
  await on.getByLabel("E-mail").fill(address);
  await on.getByLabel("Password").fill(password);
  await on.getByRole("button", { name: "Sign in", exact: true }).click();
}
