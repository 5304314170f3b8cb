import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Login = z.object({ email: z.string(), password: z.string() });

/** `.dev/credentials.json`: what tools and people need to call this instance. */
export const Credentials = z.object({
  base_url: z.string(),
  api_key: z.string(),
  company: Login,
  admin: Login,
});
export type Credentials = z.infer<typeof Credentials>;

/** What an instance keeps between runs beside its databases. */
const Instance = z.object({
  master_key: z.string(),
  company: Login,
  admin: Login,
  api_key: z.string().nullable(),
  sandbox_port: z.number().nullable(),
});
export type Instance = z.infer<typeof Instance>;

/** The instance kept in `folder`, or a new one with secrets of its own. */
export async function loadInstance(folder: string): Promise<Instance> {
  const text = await readFile(join(folder, "instance.json"), "utf8").catch(() => null);
  if (text !== null) return Instance.parse(JSON.parse(text));
  const secret = (bytes: number): string => randomBytes(bytes).toString("base64url");
  return {
    master_key: randomBytes(32).toString("base64"),
    company: { email: "demo@example.com", password: secret(15) },
    admin: { email: "admin@example.com", password: secret(15) },
    api_key: null,
    sandbox_port: null,
  };
}

/** Keeps the instance; readable by its owner only. */
export async function saveInstance(folder: string, instance: Instance): Promise<void> {
  await writeOwnerOnly(folder, "instance.json", instance);
}

/** Writes `credentials.json` and returns its path. */
export async function saveCredentials(folder: string, credentials: Credentials): Promise<string> {
  return await writeOwnerOnly(folder, "credentials.json", credentials);
}

async function writeOwnerOnly(folder: string, name: string, content: unknown): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, name);
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  return path;
}
