import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { linkMailedTo } from "../browser/support/mail.ts";
import { ask } from "./support/openai.ts";
import { PASSWORD, Platform, textAt, valueAt, type Tenant } from "./walk/platform.ts";

let platform: Platform;
let owner: Tenant;

beforeAll(async () => {
  platform = await Platform.fromFile();
  owner = await platform.newTenant("officer");
});

/** A request by key, which the edge remembers for ten seconds. */
const chat = (key: string) => platform.sendJson("POST", "/v1/chat/completions", ask("hello"), key);
const me = (token: string) => platform.send("GET", "/v1/me", { headers: { authorization: `Bearer ${token}` } });
const createKey = (token: string) => platform.sendJson("POST", "/v1/api-keys", { name: "of a member" }, token);

/** Uses a credential until whatever may remember it does. */
async function warm(use: () => Promise<{ readonly status: number }>): Promise<void> {
  for (let time = 0; time < 3; time += 1) expect((await use()).status).toBe(200);
}

async function newMember(role: string): Promise<{ readonly id: string; readonly token: string; readonly key: string }> {
  const email = `member-${randomUUID()}@example.com`;
  const invited = await platform.sendJson("POST", "/v1/invitations", { email, role }, owner.token);
  expect(invited.status).toBe(201);
  const token = (await linkMailedTo(platform, email, "invitation")).split("#token=")[1];
  const joined = await platform.sendJson("POST", "/v1/invitations/accept", { token, password: PASSWORD });
  const session = textAt(joined.body, "access_token");
  const key = textAt((await createKey(session)).body, "key");
  return { id: textAt((await me(session)).body, "member", "id"), token: session, key };
}

describe("a revoked key, an ended session, a removed member and a lowered role are refused on the next request", () => {
  it("a revoked key", async () => {
    await warm(() => chat(owner.key));
    const headers = { authorization: `Bearer ${owner.token}` };
    const revoked = await platform.send("DELETE", `/v1/api-keys/${owner.keyId}`, { headers });
    expect(revoked.status).toBe(204);
    // Some at once: other isolates and connections are no way around it.
    const refused = await Promise.all(Array.from({ length: 5 }, () => chat(owner.key)));
    expect(refused.map(({ status, body }) => [status, valueAt(body, "error", "code")])).toEqual(
      Array.from({ length: 5 }, () => [401, "invalid_api_key"]),
    );
  });

  it("an ended session", async () => {
    const login = { email: owner.email, password: PASSWORD };
    const other = textAt((await platform.sendJson("POST", "/v1/auth/login", login)).body, "access_token");
    await warm(() => me(other));
    const headers = { authorization: `Bearer ${owner.token}` };
    const sessions = (await platform.send("GET", "/v1/auth/sessions", { headers })).body;
    const [ended] = (valueAt(sessions, "data") as readonly { id: string; is_current: boolean }[]).filter(
      ({ is_current: isCurrent }) => !isCurrent,
    );
    expect((await platform.send("DELETE", `/v1/auth/sessions/${ended?.id ?? ""}`, { headers })).status).toBe(204);
    expect((await me(other)).status).toBe(401);
    expect((await me(owner.token)).status).toBe(200);
  });

  it("a removed member, and the keys of its making", async () => {
    const member = await newMember("admin");
    await warm(() => me(member.token));
    await warm(() => chat(member.key));
    const headers = { authorization: `Bearer ${owner.token}` };
    expect((await platform.send("DELETE", `/v1/members/${member.id}`, { headers })).status).toBe(204);
    expect([(await me(member.token)).status, (await chat(member.key)).status]).toEqual([401, 401]);
  });

  it("a lowered role, of the session and of its keys", async () => {
    const member = await newMember("admin");
    await warm(() => me(member.token));
    await warm(() => chat(member.key));
    const lowered = await platform.sendJson("PATCH", `/v1/members/${member.id}`, { role: "billing" }, owner.token);
    expect(lowered.status).toBe(200);
    expect((await createKey(member.token)).status).toBe(403);
    expect((await chat(member.key)).status).toBe(403);
  });
});
