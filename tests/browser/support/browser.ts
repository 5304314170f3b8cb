import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** A headless Chromium; as root it has no sandbox. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}

/** Keeps what must never happen on any page of a context: violations of the policy, uncaught errors, dialogs. */
export function watch(context: BrowserContext): readonly string[] {
  const seen: string[] = [];
  const attend = (page: Page): void => {
    page.on("console", (message) => {
      if (/content security policy|trustedhtml|trusted type/i.test(message.text())) seen.push(message.text());
    });
    page.on("pageerror", (error) => seen.push(String(error)));
    page.on("dialog", (dialog) => {
      seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  };
  context.on("page", attend);
  return seen;
}
