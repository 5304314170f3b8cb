import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLeakyProvider, type LeakyProvider } from "./support/leaky-provider.ts";
import { until } from "./support/ledger.ts";
import { operationsOf, type Document, type Operation } from "./walk/document.ts";
import { Platform, textAt } from "./walk/platform.ts";

/**
 * Secrets are planted everywhere a secret can be given; then everything that can be read is read, and none of
 * them is in it: answers, errors, lists, the Workers' log, traces, metrics. Runs on a platform of this suite,
 * whose state folder it knows.
 */

const STREAMS = new Set(["GET /v1/requests/tail"]);
/** What the provider does with the credential, and what the client is told of it. */
const LEAKS = ["400", "401", "404", "422", "429", "500", "html", "stream"] as const;

let platform: Platform;
let provider: LeakyProvider;
let stateDir: string;
let admin: string;
let owner: { readonly token: string; readonly refresh: string; readonly companyId: string };
let key: { readonly value: string; readonly id: string };
/** Everything that must not be seen, by what it is. */
const canaries = new Map<string, string>();
/** Ids that exist, one of each kind, to put in the place of every parameter. */
const ids: string[] = [];
/** Of the provider that is called with the platform's key, and of the one that is called with the company's own. */
const slugs: Record<"platform" | "own", string> = { platform: "", own: "" };
let requestId = "";

beforeAll(async () => {
  platform = await Platform.fromFile();
  stateDir = dirname(process.env.PLATFORM_CREDENTIALS ?? ".dev/credentials.json");
  provider = await startLeakyProvider();
  const session = await platform.sendJson("POST", "/v1/auth/login", platform.credentials.admin);
  admin = textAt(session.body, "access_token");
  canaries.set("the admin's password", platform.credentials.admin.password);
  canaries.set("the admin's session", admin);
  await plantAccount();
  await plantWebhook();
  slugs.platform = await plantProvider();
  slugs.own = await plantProvider();
  await plantOwnKey(slugs.own);
}, 60_000);

afterAll(() => provider.stop());

async function plantAccount(): Promise<void> {
  const password = `canary-password-${randomUUID()}`;
  const registered = await platform.sendJson("POST", "/v1/auth/register", {
    name: "canaries",
    email: `canaries-${randomUUID()}@example.com`,
    password,
  });
  owner = {
    token: textAt(registered.body, "access_token"),
    refresh: textAt(registered.body, "refresh_token"),
    companyId: textAt(registered.body, "company", "id"),
  };
  const created = await platform.sendJson("POST", "/v1/api-keys", { name: "canary" }, owner.token);
  key = { value: textAt(created.body, "key"), id: textAt(created.body, "id") };
  ids.push(key.id, owner.companyId);
  for (const [name, secret] of [
    ["the password", password],
    ["the access token", owner.token],
    ["the refresh token", owner.refresh],
    ["the API key", key.value],
  ] as const) {
    canaries.set(name, secret);
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      canaries.set(`${name}'s hash in ${encoding}`, createHash("sha256").update(secret).digest(encoding));
    }
  }
}

async function plantWebhook(): Promise<void> {
  const input = { url: `${provider.baseUrl}/hook`, events: ["low_balance"] };
  const created = await platform.sendJson("POST", "/v1/webhooks", input, owner.token);
  const id = textAt(created.body, "id");
  ids.push(id);
  canaries.set("the webhook's secret", bare(textAt(created.body, "secret")));
  const rotated = await platform.sendJson("POST", `/v1/webhooks/${id}/rotate-secret`, {}, owner.token);
  canaries.set("the webhook's new secret", bare(textAt(rotated.body, "secret")));
  await platform.sendJson("POST", `/v1/webhooks/${id}/test`, {}, owner.token);
}

/** A provider with a model for each leak, called with the platform's key; its slug. */
async function plantProvider(): Promise<string> {
  const secret = `sk-canary-${randomUUID()}`;
  const slug = `leaky-${randomUUID().slice(0, 8)}`;
  canaries.set(`the key of ${slug}`, secret);
  const input = { slug, kind: "openai-compatible", base_url: provider.baseUrl, api_key: secret };
  expect((await platform.sendJson("POST", "/v1/admin/providers", input, admin)).status).toBe(201);
  ids.push(slug, `${slug}/400`);
  for (const leak of LEAKS) {
    const prices = { input: "1", output: "1" };
    const id = `${slug}/${leak}`;
    const model = { id, context_window: 8_000, max_output_tokens: 100 };
    const endpoints = [{ provider: slug, upstream_model: leak, prices }];
    expect((await platform.sendJson("POST", "/v1/admin/models", { ...model, endpoints }, admin)).status).toBe(201);
  }
  return slug;
}

/** A key of the company's own, for a provider that has the platform's too. */
async function plantOwnKey(slug: string): Promise<void> {
  const path = "/v1/provider-credentials";
  const [first, second] = [`sk-own-canary-${randomUUID()}`, `sk-own-canary-${randomUUID()}`];
  const input = { provider: slug, name: "ours", api_key: first, verify: false };
  const created = await platform.sendJson("POST", path, input, owner.token);
  const id = textAt(created.body, "id");
  const changed = await platform.sendJson("PATCH", `${path}/${id}`, { api_key: second, verify: false }, owner.token);
  expect(changed.status).toBe(200);
  canaries.set("the company's own provider key", first);
  canaries.set("the company's new provider key", second);
  expect([created, changed].flatMap(({ body }) => found(JSON.stringify(body)))).toEqual([]);
  ids.push(id);
}

/** A webhook's secret without its prefix, which is no secret. */
function bare(secret: string): string {
  expect(secret).toMatch(/^whsec_/);
  return secret.slice("whsec_".length);
}

/** Names of the canaries that a text has in it. */
function found(text: string): readonly string[] {
  return [...canaries].filter(([, secret]) => text.includes(secret)).map(([name]) => name);
}

async function textOf(method: string, path: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${platform.origin}${path}`, { method, redirect: "manual", ...init });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

describe("case 47: planted secrets are in nothing that can be read", () => {
  it("the search itself finds what is there", () => {
    expect(canaries.size).toBeGreaterThan(20);
    expect(found(`…${key.value}…`)).toEqual(["the API key"]);
  });

  const leaks = (["platform", "own"] as const).flatMap((whose) => LEAKS.map((leak) => [whose, leak] as const));
  it.each(leaks)(
    "not in the answer when a provider repeats the credential it was sent (%s, %s)",
    async (whose, leak) => {
      const model = `${slugs[whose]}/${leak}`;
      const body = JSON.stringify({ model, stream: leak === "stream", messages: [{ role: "user", content: "hi" }] });
      const headers = { "content-type": "application/json", authorization: `Bearer ${key.value}` };
      const response = await fetch(`${platform.origin}/v1/chat/completions`, { method: "POST", headers, body });
      const text = `${JSON.stringify([...response.headers])} ${await response.text()}`;
      expect(found(text)).toEqual([]);
      expect(text).toContain("error");
      requestId = response.headers.get("x-request-id") ?? "";
    },
  );

  it("not in refusals of requests that carry them where they do not belong", async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${key.value}x` };
    const wrong = [
      await textOf("POST", "/v1/chat/completions", { headers, body: `{"model":"${key.value}"` }),
      await textOf("POST", "/v1/auth/refresh", {
        headers,
        body: JSON.stringify({ refresh_token: `${owner.refresh}x` }),
      }),
      await textOf("GET", "/v1/me", { headers: { authorization: `Bearer ${owner.token}x` } }),
      await textOf("POST", "/v1/auth/login", {
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "nobody@example.com", password: canaries.get("the password") }),
      }),
    ];
    expect(wrong.map((text) => [text.slice(0, 2), found(text)])).toEqual(wrong.map(() => ["40", []]));
  });

  it("not in any answer to GET, as the company, as its key and as the operator", async () => {
    const document = await platform.send("GET", "/openapi.json");
    const reads = operationsOf(document.body as Document).filter(
      ({ method, name }) => method === "GET" && !STREAMS.has(name),
    );
    expect(reads.length).toBeGreaterThan(40);
    ids.push(requestId);
    const company = reads.filter(({ admin: isAdmin }) => !isAdmin).flatMap(pathsOf);
    const operator = reads.filter(({ admin: isAdmin }) => isAdmin).flatMap(pathsOf);
    const leaks: unknown[] = [];
    let answered = 0;
    for (const [token, paths] of [
      [owner.token, company],
      [key.value, company],
      [admin, [...operator, "/metrics", "/status"]],
    ] as const) {
      const headers = { authorization: `Bearer ${token}` };
      const texts = await Promise.all(
        paths.map(async (path) => ({ path, text: await textOf("GET", path, { headers }) })),
      );
      answered += texts.filter(({ text }) => text.startsWith("200")).length;
      leaks.push(...texts.filter(({ text }) => found(text).length > 0).map(({ path, text }) => [path, found(text)]));
    }
    expect(leaks).toEqual([]);
    expect(answered).toBeGreaterThan(40);
  }, 60_000);

  it("not in the outbox, where nobody was mailed a secret but its own link", async () => {
    const outbox = await textOf("GET", "/dev/outbox");
    expect(outbox.slice(0, 3)).toBe("200");
    expect(found(outbox)).toEqual([]);
  });

  it("not in the log of the Workers, which has the requests", async () => {
    const log = await until(10_000, async () => {
      const text = await readFile(join(stateDir, "dev.log"), "utf8");
      return text.includes(requestId) ? text : null;
    });
    expect(found(log)).toEqual([]);
  });

  it("not in the traces, which have the requests", async () => {
    const traces = await until(10_000, async () => {
      const text = await readFile(join(stateDir, "traces.jsonl"), "utf8").catch(() => "");
      return text.includes(requestId) ? text : null;
    });
    expect(found(traces)).toEqual([]);
    expect(traces).toContain("gen_ai.request.model");
  });
});

describe("prompts and answers", () => {
  const say = async (apiKey: string, prompt: string): Promise<string> => {
    const body = { model: "sandbox/echo", messages: [{ role: "user", content: prompt }] };
    const answer = await platform.sendJson("POST", "/v1/chat/completions", body, apiKey);
    expect([answer.status, JSON.stringify(answer.body).includes(prompt)]).toEqual([200, true]);
    return answer.headers.get("x-request-id") ?? "";
  };

  it("are nowhere: not on any disk, not in the log or the traces, unless the company has them stored", async () => {
    const prompt = `canary-prompt-${randomUUID()}`;
    const id = await say(key.value, prompt);
    const content = await textOf("GET", `/v1/requests/${id}/content`, {
      headers: { authorization: `Bearer ${owner.token}` },
    });
    expect(content.slice(0, 3)).toBe("404");
    expect(await filesWith(prompt)).toEqual([]);
  });

  it("are stored when it says so, readable by it alone, and sealed on the disk", async () => {
    const tenant = await platform.newTenant("stored");
    const policy = { is_enabled: true, retention_days: 1 };
    expect((await platform.sendJson("PUT", "/v1/content-policy", policy, tenant.token)).status).toBe(200);
    const prompt = `canary-prompt-${randomUUID()}`;
    const id = await say(tenant.key, prompt);
    const read = (token: string) =>
      platform.send("GET", `/v1/requests/${id}/content`, { headers: { authorization: `Bearer ${token}` } });
    const content = await until(10_000, async () => {
      const answer = await read(tenant.token);
      return answer.status === 200 ? answer.body : null;
    });
    expect(textAt(content, "request")).toContain(prompt);
    expect(textAt(content, "response")).toContain(prompt);
    expect([(await read(owner.token)).status, (await read(admin)).status]).toEqual([404, 404]);
    expect(await filesWith(prompt)).toEqual([]);
  });
});

/** Files of the platform's state, its log and its traces that have a text in them. */
async function filesWith(text: string): Promise<readonly string[]> {
  const names = await readdir(stateDir, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(10);
  const contents = await Promise.all(
    files.map(async (file) => [file, await readFile(file).catch(() => Buffer.alloc(0))] as const),
  );
  return contents.filter(([, bytes]) => bytes.includes(text)).map(([file]) => file);
}

/** The paths of an operation: one for each id where it takes ids. */
function pathsOf(operation: Operation): readonly string[] {
  if (operation.parameters.length === 0) return [operation.path];
  return ids.map((id) => operation.path.replaceAll(/\{\w+\}/g, encodeURIComponent(id)));
}
