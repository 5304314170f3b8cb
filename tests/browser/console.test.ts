import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { formatNanoUsd } from "../../packages/console/src/format/money.ts";
import { qrDrawingOf } from "../../packages/console/src/format/qr-code.ts";
import { Platform } from "../e2e/walk/platform.ts";
import { accessibilityFaults } from "./support/accessibility.ts";
import { launch, watch } from "./support/browser.ts";
import { linkMailedTo } from "./support/mail.ts";
import { signIn } from "./support/sign-in.ts";
import { totpOf } from "./support/totp.ts";

/** Markup, a template and letters that run from right to left; the API itself refuses controls and overrides. */
const HOSTILE = `<img src=x onerror="alert(1)"><svg onload=alert(2)><script>alert(3)</script> {{7*7}} \u05E9\u05DC\u05D5\u05DD`;
const PASSWORD = "a long enough password";
const NEW_PASSWORD = "another one, as long";

const PAGES = [
  "Overview",
  "API keys",
  "Requests",
  "Playground",
  "Models",
  "Billing",
  "Routing",
  "Webhooks",
  "Company",
  "Members",
  "Audit log",
  "Notifications",
  "Settings",
] as const;

const Completion = z.object({ usage: z.object({ cost_nano_usd: z.number() }) });

let platform: Platform;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let faults: readonly string[];
const email = `console-${crypto.randomUUID()}@example.com`;

beforeAll(async () => {
  platform = await Platform.fromFile();
  browser = await launch();
  context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  context.setDefaultTimeout(10_000);
  faults = watch(context);
  page = await context.newPage();
});
afterAll(() => browser.close());

function open(path: string): Promise<unknown> {
  return page.goto(`${platform.origin}/console${path}`);
}

const title = (text: string) => page.getByRole("heading", { level: 1, name: text });
const button = (name: string) => page.getByRole("button", { name, exact: true });
/** What a figure of the page says. */
const figure = (label: string) =>
  page.locator(".figures > div", { has: page.getByText(label, { exact: true }) }).locator(".money");

async function chat(key: string): Promise<Response> {
  return fetch(`${platform.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox/echo", messages: [{ role: "user", content: "Hello from the console" }] }),
  });
}

describe("the console in a browser", () => {
  let key = "";
  let cost = 0;
  let before = "";
  /** A colleague's, who has a company of its own too. */
  let theirs: Page;

  it("registers a company; case 51: a hostile name is text and nothing of it runs", async () => {
    await open("/register");
    await page.getByLabel("Company").fill(HOSTILE);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await button("Create account").click();
    await title("Overview").waitFor();
    expect(await page.locator(".brand").textContent()).toBe(HOSTILE);
    expect(await page.locator(".brand img, .brand script").count()).toBe(0);
    before = (await figure("Available").textContent()) ?? "";
    expect(before).toMatch(/^\$\d/);
  });

  it("creates a key and shows its secret once", async () => {
    await open("/keys");
    await button("Create key").click();
    await page.getByLabel("Name").fill(HOSTILE);
    await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
    key = (await page.locator(".secret code").textContent()) ?? "";
    expect(key).toMatch(/^ag_live_/);
    await button("I have it").click();
    await page.getByRole("main").getByRole("link", { name: HOSTILE }).waitFor();
    await page.reload();
    await page.getByRole("main").getByRole("link", { name: HOSTILE }).waitFor();
    expect(await page.content()).not.toContain(key);
  });

  it("shows a program's request with its receipt, and the balance fell by exactly its cost", async () => {
    const answer = await chat(key);
    expect(answer.status).toBe(200);
    cost = Completion.parse(await answer.json()).usage.cost_nano_usd;
    await open("/requests");
    await page
      .getByRole("row", { name: /sandbox\/echo/ })
      .getByRole("link")
      .click();
    await title("Request").waitFor();
    expect(await figure("Cost").textContent()).toBe(formatNanoUsd(cost));
    expect(await page.getByRole("table").first().textContent()).toContain("sandbox");
    await page.getByRole("link", { name: "Billing" }).click();
    await title("Billing").waitFor();
    const nano = (text: string) => Math.round(Number(text.replaceAll(/[$,]/g, "")) * 1e9);
    const after = (await figure("Available").textContent()) ?? "";
    expect(nano(before) - nano(after)).toBe(cost);
  });

  it("talks to a model in the playground and says what it cost", async () => {
    await open("/playground");
    await page.getByLabel("Message").fill("Are you there?");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "receipt" }).waitFor();
    expect(await page.locator(".turns li").last().textContent()).toMatch(/Are you there\?\$0\.0/);
  });

  it("stays signed in through a reload and a duplicated tab, which renew the session one after the other", async () => {
    const opened = context.waitForEvent("page");
    await page.evaluate(() => void window.open("/console/keys"));
    const copy = await opened;
    await copy.getByRole("heading", { level: 1, name: "API keys" }).waitFor();
    await Promise.all([page.reload(), copy.reload()]);
    await copy.getByRole("heading", { level: 1, name: "API keys" }).waitFor();
    await title("Playground").waitFor();
    expect(await button("Sign out").isVisible()).toBe(true);
    await copy.close();
  });

  it("revokes the key after asking, and the very next call is refused", async () => {
    await open("/keys");
    await page.getByRole("main").getByRole("link", { name: HOSTILE }).click();
    await button("Revoke").click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("Revoked", { exact: true }).waitFor();
    expect((await chat(key)).status).toBe(401);
  });

  it("says what was refused, with the request's id", async () => {
    await open("/requests/01a2137e-24aa-73e7-9e5a-4845884b79cf");
    expect(await page.getByRole("alert").textContent()).toMatch(/Request [0-9a-f-]{36}/);
  });

  it.each(PAGES)(
    "%s can be read and operated by everybody: in the light, in the dark and on a telephone",
    async (name) => {
      await page.getByRole("navigation").getByRole("link", { name }).click();
      await title(name).waitFor();
      await expect.poll(() => page.locator(".loading").count(), { timeout: 10_000 }).toBe(0);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 1_280, height: 900 });
    },
  );

  it("invites a member, who joins by the mailed link and sees what a viewer may", async () => {
    const colleague = `colleague-${crypto.randomUUID()}@example.com`;
    await platform.sendJson("POST", "/v1/auth/register", { name: "Their own", email: colleague, password: PASSWORD });
    await open("/members");
    await page.getByLabel("E-mail").fill(colleague);
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await button("Invite").click();
    const invitation = page.getByRole("region", { name: "Invitations" }).getByRole("row", { name: colleague });
    await invitation.getByText("Pending").waitFor();
    theirs = await (await browser.newContext()).newPage();
    await theirs.goto(await linkMailedTo(platform, colleague, "invitation"));
    await theirs.getByLabel("Password").fill(PASSWORD);
    await theirs.getByRole("button", { name: "Join" }).click();
    await theirs.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(await theirs.locator(".brand").textContent()).toBe(HOSTILE);
    expect(await theirs.getByRole("navigation").getByRole("link", { name: "Playground" }).count()).toBe(0);
    await page.reload();
    const member = page.getByRole("region", { name: "Members" }).getByRole("row", { name: colleague });
    expect(await member.textContent()).toContain("viewer");
  });

  it("switches to another company of the person, renames it and downloads all of its data", async () => {
    await theirs.getByText("Switch company").click();
    await theirs.getByRole("button", { name: "Their own" }).click();
    await expect.poll(() => theirs.locator(".brand").textContent()).toBe("Their own");
    await theirs.getByRole("navigation").getByRole("link", { name: "Playground" }).waitFor();
    await theirs.reload();
    await theirs.getByRole("navigation").getByRole("link", { name: "Company" }).click();
    await theirs.getByLabel("New name").fill("Renamed");
    await theirs.getByRole("button", { name: "Rename" }).click();
    await expect.poll(() => theirs.locator(".brand").textContent()).toBe("Renamed");
    const saved = theirs.waitForEvent("download");
    await theirs.getByRole("button", { name: "Download all data" }).click();
    const lines = (await readFile(await (await saved).path(), "utf8")).trimEnd().split("\n");
    expect(lines.at(0)).toContain('"Renamed"');
    expect(lines.at(-1)).toContain('"section":"end"');
    await theirs.getByText("all of it is there").waitFor();
  });

  it("closes the company for a password, and says so where one signs in", async () => {
    await theirs.getByRole("button", { name: "Close the company" }).click();
    const dialog = theirs.getByRole("dialog");
    const close = async (password: string): Promise<void> => {
      await dialog.getByLabel("Your password").fill(password);
      await dialog.getByRole("button", { name: "Close for good" }).click();
    };
    await close(NEW_PASSWORD);
    expect(await dialog.getByRole("alert").textContent()).toMatch(/not your password/);
    await close(PASSWORD);
    await theirs.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    expect(await theirs.getByRole("status").textContent()).toBe("The company is closed.");
    await theirs.context().close();
  });

  it("lets operators add, change and remove what is listed", async () => {
    theirs = await (await browser.newContext({ viewport: { width: 1_280, height: 900 } })).newPage();
    const { admin } = platform.credentials;
    await theirs.goto(`${platform.origin}/console/admin/providers`);
    await signIn(theirs, admin.email, admin.password);
    const dialog = theirs.getByRole("dialog");
    const save = async (): Promise<void> => {
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
    };
    const slug = `listed-${crypto.randomUUID().slice(0, 8)}`;
    const row = theirs.getByRole("row", { name: slug });
    await theirs.getByRole("button", { name: "Add provider" }).click();
    await dialog.getByLabel("Short name").fill(slug);
    await dialog.getByLabel("Address").fill("https://api.example.com/v1");
    await dialog.getByLabel("Serves requests").uncheck();
    await save();
    await row.getByText("No key").waitFor();
    await row.getByRole("button", { name: "Change" }).click();
    await dialog.getByLabel("Priority").fill("7");
    await save();
    await row.getByRole("cell", { name: "7", exact: true }).waitFor();
    await row.getByRole("button", { name: "Remove" }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await row.waitFor({ state: "detached" });
    await theirs.getByRole("navigation").getByRole("link", { name: "Catalogue" }).click();
    await theirs.getByRole("button", { name: "Add model" }).click();
    await dialog.getByLabel("Endpoints").fill("no JSON");
    await dialog.getByLabel("Id").fill("a/model");
    await dialog.getByRole("button", { name: "Save" }).click();
    expect(await dialog.getByRole("alert").textContent()).toContain("no JSON");
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  it("shows operators what is theirs: companies, providers, the catalogue and health", async () => {
    for (const name of ["Providers", "Catalogue", "Health", "Companies"]) {
      await theirs.getByRole("navigation").getByRole("link", { name }).click();
      await theirs.getByRole("heading", { level: 1, name }).waitFor();
      await expect.poll(() => theirs.locator(".loading").count(), { timeout: 10_000 }).toBe(0);
      expect(await accessibilityFaults(theirs)).toEqual([]);
    }
    await theirs.getByLabel("Name, address or id").fill(email);
    await theirs.getByRole("button", { name: "Search" }).click();
    await theirs.getByRole("row", { name: email }).getByRole("link").click();
    const suspendOrReactivate = async (label: string): Promise<void> => {
      await theirs.getByRole("button", { name: label }).click();
      const dialog = theirs.getByRole("dialog");
      await dialog.getByLabel("Reason").fill("A test");
      await dialog.getByRole("button", { name: label }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await suspendOrReactivate("Suspend");
    await theirs.getByText("Suspended", { exact: true }).waitFor();
    await open("/");
    await title("Sign in").waitFor();
    expect(await page.getByRole("status").textContent()).toMatch(/suspended/i);
    await signIn(page, email, PASSWORD);
    expect(await page.getByRole("alert").textContent()).toMatch(/suspended/i);
    await suspendOrReactivate("Reactivate");
    await theirs.getByText("Active", { exact: true }).waitFor();
    await theirs.context().close();
    await button("Sign in").click();
    await title("Overview").waitFor();
  });

  it("verifies the address by the mailed link, which is mailed again when it was lost", async () => {
    const lost = await linkMailedTo(platform, email, "email_verification");
    await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
    await button("Mail me a new link").click();
    await page.getByText("A new link is on its way").waitFor();
    await page.goto(await linkMailedTo(platform, email, "email_verification", lost));
    await button("Verify my address").click();
    await title("Your address is verified").waitFor();
    await page.getByRole("link", { name: "Go to the console" }).click();
    await title("Overview").waitFor();
    expect(page.url()).toBe(`${platform.origin}/console`);
  });

  it("signs out, and the way back is closed", async () => {
    await button("Sign out").click();
    await title("Sign in").waitFor();
    await page.reload();
    await title("Sign in").waitFor();
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(`${PASSWORD}!`);
    await button("Sign in").click();
    expect(await page.getByRole("alert").textContent()).toMatch(/Request [0-9a-f-]{36}/);
  });

  it("sets a new password by the mailed link, which is good once", async () => {
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await title("Forgot your password?").waitFor();
    await page.getByLabel("E-mail").fill(email);
    await button("Mail me a link").click();
    await page.getByRole("status").waitFor();
    const link = await linkMailedTo(platform, email, "password_reset");
    await page.goto(link);
    await page.getByLabel("New password").fill(NEW_PASSWORD);
    expect(page.url()).not.toContain("token");
    await button("Set password").click();
    await title("Sign in").waitFor();
    await signIn(page, email, NEW_PASSWORD);
    await title("Overview").waitFor();
    const again = await context.newPage();
    await again.goto(link);
    await again.getByLabel("New password").fill(PASSWORD);
    await again.getByRole("button", { name: "Set password" }).click();
    expect(await again.getByRole("alert").textContent()).toContain("token");
    await again.close();
  });

  it("keeps what somebody wants to be mailed about", async () => {
    await page.getByRole("navigation").getByRole("link", { name: "Notifications" }).click();
    const [off, kept] = [page.getByLabel("Low balance"), page.getByLabel("Payment failed")];
    expect(await Promise.all([off.isChecked(), kept.isChecked()])).toEqual([true, true]);
    await off.uncheck();
    await button("Save").click();
    await page.getByText("Saved.").waitFor();
    await page.reload();
    expect(await Promise.all([off.isChecked(), kept.isChecked()])).toEqual([false, true]);
  });

  it("turns on a second factor, and then asks for its code", async () => {
    await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
    await title("Settings").waitFor();
    expect(await button("Mail me a new link").count()).toBe(0);
    await button("Turn on").click();
    await page.getByLabel("Your password").fill(NEW_PASSWORD);
    await button("Go on").click();
    const secret = (await page.locator(".secret code").textContent()) ?? "";
    const dialog = page.getByRole("dialog");
    const link = (await dialog.getByText(/^otpauth:/).textContent()) ?? "";
    const { size, path } = qrDrawingOf(link);
    const drawn = dialog.getByRole("img", { name: "QR code" });
    expect(await drawn.getAttribute("viewBox")).toBe(`0 0 ${size} ${size}`);
    expect(await drawn.locator("path").getAttribute("d")).toBe(path);
    expect(link).toContain(secret);
    await dialog.getByLabel("Code", { exact: true }).fill(totpOf(secret));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    await button("I have them").click();
    await page.getByText("Recovery codes left: 10").waitFor();
    await button("Sign out").click();
    await title("Sign in").waitFor();
    await signIn(page, email, NEW_PASSWORD);
    await title("Second step").waitFor();
    await page.getByLabel("Code").fill("000000");
    await button("Sign in").click();
    expect(await page.getByRole("alert").textContent()).toMatch(/Request [0-9a-f-]{36}/);
    await page.getByLabel("Code").fill(totpOf(secret, 1));
    await button("Sign in").click();
    await title("Overview").waitFor();
  });

  it("case 51: the policy was never violated, and would stop markup that came in as text", async () => {
    expect(faults).toEqual([]);
    const outcome = await page.evaluate(() => {
      try {
        document.body.innerHTML = "<img src=x onerror=alert(1)>";
        return "became markup";
      } catch (error) {
        return error instanceof TypeError ? "refused" : "?";
      }
    });
    expect(outcome).toBe("refused");
    expect(faults.join()).toMatch(/TrustedHTML/i);
  });
});
