import { describe, expect, it } from "vitest";
import type { ApiError } from "../src/api/answer.ts";
import { createClient } from "../src/api/client.ts";
import { type Channel, createSessionTabs, type TabMessage } from "../src/api/session-tabs.ts";
import { Session } from "../src/api/session.ts";

/** A server whose refresh tokens are good once: a second use ends the session, as auth's do. */
class Server {
  #current = 1;
  #hasEnded = false;
  refreshes = 0;
  calls = 0;
  /** Access tokens up to this one are over. */
  expired = 1;

  readonly fetch = async (path: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    this.calls += 1;
    if (path === "/v1/auth/password/change") return refusal(401, "invalid_credentials");
    if (path === "/v1/auth/switch-company") {
      return Response.json({ access_token: "another", refresh_token: "of another" });
    }
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

function refusal(status: number, code = "invalid_token"): Response {
  const error = { message: "No.", type: "authentication_error", code, param: null };
  return Response.json({ error }, { status, headers: { "x-request-id": "req-1" } });
}

/** One browser: tabs that hear each other, and locks. */
class Browser {
  readonly #listeners: ((message: TabMessage) => void)[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  /** `stored`: what the tab's storage held before, as after a reload or in a duplicate. */
  openTab(server: Server, stored = new Map([["console.refresh_token", "r1"]])) {
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
    const session = new Session({
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    });
    const ended: ApiError[] = [];
    const client = createClient({
      fetch: server.fetch,
      session,
      tabs: createSessionTabs({ session, channel, lock, waitMs: 5 }),
      onSignedOut: (why) => ended.push(why),
    });
    return { client, session, ended, stored, close: () => (this.#listeners[own] = () => undefined) };
  }
}

describe("a session", () => {
  it("is renewed once, however many calls notice that the access token ended", async () => {
    const server = new Server();
    const { client } = new Browser().openTab(server);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.call("GET", "/v1/me")));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(server.refreshes).toBe(1);
  });

  it("survives a duplicated tab: the copy takes what the first tab got and uses no token twice", async () => {
    const server = new Server();
    const browser = new Browser();
    const [first, copy] = [browser.openTab(server), browser.openTab(server)];
    const answers = await Promise.all([first.client.call("GET", "/v1/me"), copy.client.call("GET", "/v1/me")]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    server.expired = 2;
    expect(await copy.client.call("GET", "/v1/me")).toMatchObject({ ok: true });
    server.expired = 3;
    expect(await first.client.call("GET", "/v1/me")).toMatchObject({ ok: true });
    expect(first.ended).toEqual([]);
    expect(copy.ended).toEqual([]);
  });

  it("survives tabs that are loaded again one after the other, and the end of the one that traded", async () => {
    const server = new Server();
    const browser = new Browser();
    const first = browser.openTab(server);
    const copy = browser.openTab(server);
    expect(await copy.client.resume()).toBeNull();
    for (const tab of [first, copy]) tab.close();
    const again = [browser.openTab(server, first.stored), browser.openTab(server, copy.stored)];
    expect(await Promise.all(again.map(({ client }) => client.resume()))).toEqual([null, null]);
    again[1]?.close();
    server.expired = 3;
    expect(await again[0]?.client.call("GET", "/v1/me")).toMatchObject({ ok: true });
  });

  it("goes on in a tab that was loading while another traded its token", async () => {
    const server = new Server();
    const browser = new Browser();
    const first = browser.openTab(server);
    expect(await first.client.resume()).toBeNull();
    const late = browser.openTab(server);
    expect(await late.client.resume()).toBeNull();
    expect(late.session.refreshToken).toBe("r2");
    expect(server.refreshes).toBe(1);
  });

  it("of another company is for the tab that switched: who asks for a token before gets none of it", async () => {
    const server = new Server();
    const browser = new Browser();
    const tab = browser.openTab(server);
    const before = new Map(tab.stored);
    await tab.client.resume();
    await tab.client.switchCompany("another");
    expect(tab.session.refreshToken).toBe("of another");
    const late = browser.openTab(server, before);
    await late.client.resume();
    expect(late.session.refreshToken).not.toBe("of another");
    expect(tab.session.refreshToken).toBe("of another");
  });

  it("is not renewed for a wrong password, which is sent once: each is a guess", async () => {
    const server = new Server();
    const { client } = new Browser().openTab(server);
    expect(await client.call("POST", "/v1/auth/password/change", {})).toMatchObject({ ok: false });
    expect({ calls: server.calls, refreshes: server.refreshes }).toEqual({ calls: 1, refreshes: 0 });
  });

  it("that was ended says so, keeps no token and shows the request's id", async () => {
    const server = new Server();
    const { client, session, ended } = new Browser().openTab(server, new Map([["console.refresh_token", "r0"]]));
    const answer = await client.call("GET", "/v1/me");
    expect(answer).toMatchObject({ ok: false, error: { code: "invalid_token", requestId: "req-1", status: 401 } });
    expect(session.refreshToken).toBeNull();
    expect(ended).toMatchObject([{ code: "invalid_token" }]);
  });

  it("that is refused because its company is suspended ends, and says why", async () => {
    const server = new Server();
    const suspended = Object.assign(server, {
      fetch: async (path: RequestInfo | URL) =>
        path === "/v1/auth/refresh" ? refusal(403, "company_suspended") : refusal(401),
    });
    const { client, session, ended } = new Browser().openTab(suspended);
    await client.call("GET", "/v1/me");
    expect(session.refreshToken).toBeNull();
    expect(ended).toMatchObject([{ code: "company_suspended", status: 403 }]);
  });

  it("outlives a server that does not answer", async () => {
    const server = new Server();
    const { client, session } = new Browser().openTab(
      Object.assign(server, { fetch: () => Promise.reject(new TypeError("no network")) }),
    );
    expect(await client.resume()).toMatchObject({ code: "network" });
    expect(session.refreshToken).toBe("r1");
    expect(await client.call("GET", "/v1/me")).toMatchObject({ ok: false, error: { code: "network" } });
  });
});
