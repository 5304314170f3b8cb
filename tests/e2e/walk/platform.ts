import { readFile } from "node:fs/promises";
import type { Operation } from "./document.ts";

/** As `pnpm dev` writes it to `.dev/credentials.json`. */
export interface Credentials {
  readonly base_url: string;
  readonly api_key: string;
  readonly company: { readonly email: string; readonly password: string };
  readonly admin: { readonly email: string; readonly password: string };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One company as the walk acts for it: its owner's session and a key with every permission. */
export interface Tenant {
  readonly companyId: string;
  readonly email: string;
  readonly token: string;
  readonly key: string;
  readonly keyId: string;
}

/**
 * A running platform. PLATFORM_CREDENTIALS names its credentials file; the default is where `pnpm dev`
 * writes it.
 */
export class Platform {
  readonly origin: string;
  readonly credentials: Credentials;

  constructor(credentials: Credentials) {
    this.origin = new URL(credentials.base_url).origin;
    this.credentials = credentials;
  }

  static async fromFile(): Promise<Platform> {
    const path = process.env.PLATFORM_CREDENTIALS ?? ".dev/credentials.json";
    return new Platform(JSON.parse(await readFile(path, "utf8")) as Credentials);
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.origin}${path}`, { method, redirect: "manual", ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }

  sendJson(method: string, path: string, body: unknown, token: string | null = null): Promise<Answer> {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    return this.send(method, path, {
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify(body),
    });
  }

  /** Calls an operation as its document describes it, `id` in the place of every parameter. */
  call(operation: Operation, options: { token?: string; id?: string; body?: unknown } = {}): Promise<Answer> {
    const path = operation.path.replaceAll(/\{\w+\}/g, encodeURIComponent(options.id ?? "some-id"));
    const headers = new Headers();
    if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
    if (operation.body === null) return this.send(operation.method, path, { headers });
    const form = operation.body.mediaType === "multipart/form-data";
    headers.set("content-type", form ? "multipart/form-data; boundary=walk" : operation.body.mediaType);
    const body = form ? FORM : JSON.stringify(options.body ?? operation.body.example);
    return this.send(operation.method, path, { headers, body });
  }

  /** Registers a company that nothing else uses. */
  async newTenant(label: string): Promise<Tenant> {
    const email = `${label}-${crypto.randomUUID()}@example.com`;
    const registered = await this.sendJson("POST", "/v1/auth/register", { name: label, email, password: PASSWORD });
    const token = textAt(registered.body, "access_token");
    const companyId = textAt(registered.body, "company", "id");
    const created = await this.sendJson("POST", "/v1/api-keys", { name: "walk" }, token);
    return { companyId, email, token, key: textAt(created.body, "key"), keyId: textAt(created.body, "id") };
  }
}

export const PASSWORD = "correct horse battery staple";
const FORM = '--walk\r\ncontent-disposition: form-data; name="model"\r\n\r\nsandbox/echo\r\n--walk--\r\n';

/** The text at a path of an answer's body. Throws where there is none: then the platform is not what the walk needs. */
export function textAt(body: unknown, ...path: readonly string[]): string {
  const value = valueAt(body, ...path);
  if (typeof value !== "string") throw new Error(`no text at ${path.join(".")} of ${JSON.stringify(body)}`);
  return value;
}

export function valueAt(body: unknown, ...path: readonly string[]): unknown {
  let value = body;
  for (const name of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
