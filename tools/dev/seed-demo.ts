import { z } from "zod";
import { PlatformClient } from "./platform-client.ts";
import type { Instance } from "./state.ts";

const Session = z.object({ access_token: z.string() });
const CreatedKey = z.object({ key: z.string() });

/** Providers that are registered when the environment brings a key; `<NAME>_BASE_URL` replaces the address. */
const PROVIDERS = [
  { name: "OPENAI", slug: "openai", kind: "openai", baseUrl: "https://api.openai.com/v1" },
  { name: "OPENROUTER", slug: "openrouter", kind: "openrouter", baseUrl: "https://openrouter.ai/api/v1" },
  { name: "ANTHROPIC", slug: "anthropic", kind: "anthropic", baseUrl: "https://api.anthropic.com" },
  { name: "GEMINI", slug: "gemini", kind: "gemini", baseUrl: "https://generativelanguage.googleapis.com" },
] as const;

const SANDBOX_MODEL = {
  id: "sandbox/echo",
  context_window: 128_000,
  max_output_tokens: 4_096,
  endpoints: [
    {
      provider: "sandbox",
      upstream_model: "echo",
      prices: { input: "1.00", cached_input: "0.10", output: "2.00" },
    },
  ],
};

/**
 * Brings a running instance to where a newcomer can call it: a demo company with a key, the sandbox as
 * a provider, and the providers whose keys are in the environment. By the public API, as an operator
 * would; doing it again changes nothing but what has changed. Returns the demo company's key.
 */
export async function seedDemo(
  origin: string,
  instance: Instance,
  sandboxUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const [key] = await Promise.all([
    instance.api_key ?? makeDemoKey(origin, instance),
    registerProviders(await signIn(origin, instance.admin), sandboxUrl, env),
  ]);
  return key;
}

async function makeDemoKey(origin: string, { company }: Instance): Promise<string> {
  const anyone = new PlatformClient(origin);
  const registered = await anyone.call("POST", "/v1/auth/register", { name: "Demo company", ...company });
  const owner =
    registered.status === 201 ? anyone.as(Session.parse(registered.body).access_token) : await signIn(origin, company);
  return CreatedKey.parse(await owner.expect("POST", "/v1/api-keys", { name: "demo" })).key;
}

/** A client with a fresh session of whoever logs in. */
export async function signIn(origin: string, login: { email: string; password: string }): Promise<PlatformClient> {
  const anyone = new PlatformClient(origin);
  return anyone.as(Session.parse(await anyone.expect("POST", "/v1/auth/login", login)).access_token);
}

async function registerProviders(
  admin: PlatformClient,
  sandboxUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const known = PROVIDERS.flatMap(({ name, slug, kind, baseUrl }) => {
    const apiKey = env[`${name}_API_KEY`];
    if (apiKey === undefined || apiKey === "") return [];
    return [{ slug, kind, base_url: env[`${name}_BASE_URL`] ?? baseUrl, api_key: apiKey, enabled: true, priority: 10 }];
  });
  const sandbox = { slug: "sandbox", kind: "openai-compatible", base_url: sandboxUrl, enabled: true, priority: 100 };
  await Promise.all(
    [sandbox, ...known].map((provider) => upsert(admin, "/v1/admin/providers", provider.slug, provider)),
  );
  const model = await admin.call("POST", "/v1/admin/models", SANDBOX_MODEL);
  if (model.status !== 201 && model.status !== 409) {
    throw new Error(`the sandbox model was refused: ${JSON.stringify(model.body)}`);
  }
}

async function upsert(admin: PlatformClient, path: string, slug: string, input: { slug: string }): Promise<void> {
  const { slug: _, ...change } = input;
  const changed = await admin.call("PATCH", `${path}/${slug}`, change);
  if (changed.status === 404) await admin.expect("POST", path, input);
  else if (changed.status >= 300) throw new Error(`${path}/${slug} was refused: ${JSON.stringify(changed.body)}`);
}
