import { DIRECT_SOCKET } from "./compose-config.ts";
import type { Subject } from "./subject.ts";
import { startWorkerd } from "./workerd.ts";

const FRONT = `
export default {
  fetch(request, env) {
    return env.NEXT.fetch("https://next" + new URL(request.url).pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: request.body,
    });
  },
};`;

const BACK = `
export default {
  async fetch(request, env, ctx) {
    const text = await request.text();
    JSON.parse(text);
    const id = crypto.randomUUID();
    await env.ACCOUNT.getByName("company").hold(id, 123456);
    const upstream = await fetch(env.UPSTREAM + new URL(request.url).pathname, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer none" },
      body: text,
    });
    const answer = await upstream.text();
    JSON.parse(answer);
    ctx.waitUntil(env.ACCOUNT.getByName("company").settle(id, 1234));
    return new Response(answer, { headers: { "content-type": "application/json" } });
  },
};`;

const ACCOUNT = `
import { DurableObject } from "cloudflare:workers";
export class Account extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS hold (id TEXT PRIMARY KEY, amount INTEGER, price INTEGER) WITHOUT ROWID");
  }
  hold(id, amount) { this.sql.exec("INSERT INTO hold (id, amount) VALUES (?, ?)", id, amount); return true; }
  settle(id, price) { this.sql.exec("UPDATE hold SET price = ? WHERE id = ?", price, id); return true; }
}
export default { fetch: () => new Response(null, { status: 404 }) };`;

/**
 * The hops of the design and nothing else: a Worker in front, one behind it that parses what it passes
 * on, and an object that writes one row before and one after. No account, no limit, no price, no log:
 * what any implementation of two Workers and two commits pays to the runtime.
 */
export async function startSkeleton(mockPort: number, folder: string): Promise<Subject> {
  const shared = {
    modules: true,
    compatibilityDate: "2026-11-02",
    compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
  };
  const workerd = await startWorkerd(
    [
      {
        ...shared,
        name: "account",
        script: ACCOUNT,
        durableObjects: { ACCOUNT: { className: "Account", useSQLite: true } },
      },
      {
        ...shared,
        name: "back",
        script: BACK,
        bindings: { UPSTREAM: `http://127.0.0.1:${mockPort}` },
        durableObjects: { ACCOUNT: { className: "Account", scriptName: "account", useSQLite: true } },
      },
      { ...shared, name: "front", script: FRONT, serviceBindings: { NEXT: "back" }, ...DIRECT_SOCKET },
    ],
    { folder },
  );
  return {
    name: "skeleton",
    port: workerd.portOf("front"),
    headers: {},
    pid: workerd.pid,
    modelPrefix: "",
    stop: workerd.stop,
  };
}
