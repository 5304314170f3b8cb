import { describe, expect, it } from "vitest";
import { createClient } from "../src/api/client.ts";
import { type Channel, createSessionTabs, type TabMessage } from "../src/api/session-tabs.ts";
import { Session } from "../src/api/session.ts";

/** A server whose refresh tokens are good once: a second use ends the session, as auth's do. */
class Server {
  #current = 1;
  #hasEnded = false;
  refreshes = 0;
  /** Access tokens up to this one are over. */
  expired = 1;

  readonly fetch = async (path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    if (path === "/v1/auth/refresh") return this.#refresh(typeof init?.body === "string" ? init.body : "");
    const token = new Headers(init?.headers).get("authorization");
    const isGood = !this.#hasEnded && token !== null && Number(token.replace("Bearer a", "")) > this.expired;
    return isGood ? Response.json({ token }) : refusal(401);
  };

  #refresh(body: string): Response {
    this.refreshes += 1;
    if (this.#hasEnded || !body.includes(`"r${this.#current}"`)) {
      this.#hasEnded = true;
      return refusal(401);
    }
    this.#current += 1;
    return Response.json({ access_token: `a${this.#current}`, refresh_token: `r${this.#current}` });
  }
}

function refusal(status: number): Response {
  const error = { message: "No.", type: "authentication_error", code: "invalid_token", param: null };
  return Response.json({ error }, { status, headers: { "x-request-id": "req-1" } });
}

/** One browser: tabs that hear each other, and locks. */
class Browser {
  readonly #listeners: ((message: TabMessage) => void)[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  openTab(server: Server, refreshToken: string | null) {
    const own = this.#listeners.length;
    const channel: Channel = {
      send: (message) => {
        for (const [index, hear] of this.#listeners.entries()) if (index !== own) queueMicrotask(() => hear(message));
      },
      listen: (hear) => this.#listeners.push(hear),
    };
    const lock = <Value>(task: () => Promise<Value>): Promise<Value> => {
      const turn = this.#queue.then(task);
      this.#queue = turn.catch(() => undefined);
      return turn;
    };
    const stored = new Map<string, string>();
    const session = new Session({
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    });
    if (refreshToken !== null) session.begin({ access_token: "a1", refresh_token: refreshToken });
    const ended: string[] = [];
    const client = createClient({
      fetch: server.fetch,
      session,
      tabs: createSessionTabs({ channel, lock, waitMs: 5 }),
      onSignedOut: () => ended.push("signed out"),
    });
    return { client, session, ended };
  }
}

describe("a session", () => {
  it("is renewed once, however many calls notice that the access token ended", async () => {
    const server = new Server();
    const { client } = new Browser().openTab(server, "r1");
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.call("GET", "/v1/me")));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(server.refreshes).toBe(1);
  });

  it("survives a duplicated tab: the copy takes what the first tab got and uses no token twice", async () => {
    const server = new Server();
    const browser = new Browser();
    const [first, copy] = [browser.openTab(server, "r1"), browser.openTab(server, "r1")];
    const answers = await Promise.all([first.client.call("GET", "/v1/me"), copy.client.call("GET", "/v1/me")]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    server.expired = 2;
    expect(await copy.client.call("GET", "/v1/me")).toMatchObject({ ok: true });
    server.expired = 3;
    expect(await first.client.call("GET", "/v1/me")).toMatchObject({ ok: true });
    expect(first.ended).toEqual([]);
    expect(copy.ended).toEqual([]);
  });

  it("that was ended says so, keeps no token and shows the request's id", async () => {
    const server = new Server();
    const { client, session, ended } = new Browser().openTab(server, "r0");
    const answer = await client.call("GET", "/v1/me");
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_token", requestId: "req-1", status: 401 } });
    expect(session.refreshToken).toBeNull();
    expect(ended).toEqual(["signed out"]);
  });

  it("outlives a server that does not answer", async () => {
    const server = new Server();
    const { client, session } = new Browser().openTab(
      Object.assign(server, { fetch: () => Promise.reject(new TypeError("no network")) }),
      "r1",
    );
    expect(await client.resume()).toBe(false);
    expect(session.refreshToken).toBe("r1");
    expect(await client.call("GET", "/v1/me")).toMatchObject({ ok: false, error: { code: "network" } });
  });
});
