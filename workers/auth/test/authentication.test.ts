import { env } from "cloudflare:workers";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Answer } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { Secret, TOTP } from "otpauth";
import { describe, expect, it, vi } from "vitest";
import { type Call, openCall } from "../src/call.ts";
import { newApiKey } from "../src/domain/api-key.ts";
import type { Env } from "../src/env.ts";
import { authenticate } from "../src/operations/authenticate.ts";
import { changePassword } from "../src/operations/change-password.ts";
import { confirmSecondFactor } from "../src/operations/confirm-second-factor.ts";
import { enrolSecondFactor } from "../src/operations/enrol-second-factor.ts";
import { finishOidcLogin } from "../src/operations/finish-oidc-login.ts";
import { getJwks } from "../src/operations/get-jwks.ts";
import { getMe } from "../src/operations/get-me.ts";
import { getSecondFactor } from "../src/operations/get-second-factor.ts";
import { listApiKeys } from "../src/operations/list-api-keys.ts";
import { listMembers } from "../src/operations/list-members.ts";
import { listSessions } from "../src/operations/list-sessions.ts";
import { logIn } from "../src/operations/log-in.ts";
import { refreshSession } from "../src/operations/refresh-session.ts";
import { register } from "../src/operations/register.ts";
import { resetPassword } from "../src/operations/reset-password.ts";
import { startOidcLogin } from "../src/operations/start-oidc-login.ts";
import { verifyEmail } from "../src/operations/verify-email.ts";
import { verifySecondFactor } from "../src/operations/verify-second-factor.ts";
import { serve } from "../src/serve.ts";
import { auth, context, newEmail, PASSWORD, principal, registerCompany, rowsOf, valueOf } from "./support/auth.ts";
import { notice, tokenOf } from "./support/notices.ts";

/** A call whose database writes down each statement that is sent to it. */
function recordingCall(): { readonly call: Call; readonly sent: string[] } {
  const sent: string[] = [];
  const recording = new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => {
          sent.push(sql);
          return target.prepare(sql);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { call: openCall({ ...env, DB: recording }, context(), () => undefined), sent };
}

/** How SQLite would carry a statement out, a step a line. */
async function planOf(sql: string): Promise<string[]> {
  const parameters = sql.match(/\?/g)?.map(() => "x") ?? [];
  return (await rowsOf(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)).map((row) => String(row["detail"]));
}

async function companyWithKey() {
  const { actor, session } = await registerCompany();
  const created = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
  return { actor, session, id: created.id, secret: created.key };
}

describe("must hold: authentication", () => {
  it("of a key that no cache knows is one D1 read, by a unique index", async () => {
    const { secret } = await companyWithKey();
    const { call, sent } = recordingCall();
    valueOf(await authenticate(call, secret));
    const reads = sent.filter((sql) => sql.startsWith("select"));
    expect(reads).toHaveLength(1);
    const plan = await planOf(reads[0] ?? "");
    expect(plan.join("\n")).toMatch(/SEARCH api_keys USING INDEX api_keys_key_hash_unique \(key_hash=\?\)/);
    expect(plan.filter((step) => step.startsWith("SCAN"))).toEqual([]);
  });

  it("of a key writes when it was last used once an hour, after the answer", async () => {
    const { secret } = await companyWithKey();
    const { call, sent } = recordingCall();
    const later: Promise<unknown>[] = [];
    const noting = { ...call, later: (work: Promise<unknown>) => void later.push(work) };
    for (let n = 0; n < 3; n += 1) {
      valueOf(await authenticate(noting, secret));
      await Promise.all(later);
    }
    expect(sent.filter((sql) => sql.startsWith("update"))).toHaveLength(1);
  });

  it("by an access token is one D1 read, of its session by the primary key", async () => {
    const { session } = await registerCompany();
    const { call, sent } = recordingCall();
    valueOf(await authenticate(call, session.access_token));
    sent.length = 0;
    valueOf(await authenticate(call, session.access_token));
    expect(sent).toHaveLength(1);
    const plan = await planOf(sent[0] ?? "");
    expect(plan.join("\n")).toContain("SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (id=?)");
    expect(plan.filter((step) => step.startsWith("SCAN"))).toEqual([]);
  });

  it.each([
    ["a key with a wrong checksum", () => `${newApiKey("live").slice(0, -1)}_`],
    ["a token that nobody signed", () => "eyJhbGciOiJub25lIn0.e30."],
    ["SQL", () => "' OR 1=1 --"],
    ["100 KB", () => "x".repeat(100_000)],
  ])("of what cannot be ours reads nothing: %s", async (_, credential) => {
    const { call, sent } = recordingCall();
    // The signer's keys are of the isolate.
    valueOf(await getJwks(call));
    sent.length = 0;
    expect((await authenticate(call, credential())).ok).toBe(false);
    expect(sent).toEqual([]);
  });
});

describe("case 43: a key", () => {
  it("that was revoked is refused from the next request on, wherever that comes from", async () => {
    const { actor, id, secret } = await companyWithKey();
    expect(await auth.authenticate(context(), secret)).toMatchObject({ ok: true });
    valueOf(await auth.revokeApiKey(context(), actor, id));
    const places = ["192.0.2.1", "198.51.100.2", "2001:db8::3", null];
    const answers = await Promise.all(places.map((clientIp) => auth.authenticate(context({ clientIp }), secret)));
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: "invalid_api_key" } });
  });

  it("that is made works at once, although it was asked for and refused before", async () => {
    const { id, secret } = await companyWithKey();
    const spare = await sha256Hex("another");
    const rename = (hash: string) =>
      env.DB.prepare("UPDATE api_keys SET key_hash = ? WHERE id = ?").bind(hash, id).run();
    await rename(spare);
    expect(await auth.authenticate(context(), secret)).toMatchObject({ ok: false });
    await rename(await sha256Hex(secret));
    expect(await auth.authenticate(context(), secret)).toMatchObject({ ok: true });
  });
});

/** Runs operations as the Worker does, and keeps all that leaves it: answers and lines. */
function observer() {
  const verbose: Env = { ...env, LOG_LEVEL: "debug" };
  const answers: unknown[] = [];
  const lines: string[] = [];
  const later: Promise<unknown>[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
  const execution = { waitUntil: (work: Promise<unknown>) => void later.push(work) };
  const run = async <Value>(
    operation: (call: Call) => Answer<Value>,
    { on = verbose, asked = context() }: { on?: Env; asked?: CallContext } = {},
  ) => {
    const answer = await serve(on, execution, asked, "observed", operation);
    answers.push(answer);
    return answer;
  };
  const finish = async () => {
    await Promise.allSettled(later);
    log.mockRestore();
  };
  return { verbose, answers, lines, run, finish };
}

describe("case 47: planted secrets", () => {
  it("are in no answer but the one that shows them, in no line, no audit row and no other notice", async () => {
    const { answers, lines, run, finish, verbose } = observer();
    const email = newEmail();
    const canary = "canary-password-5417";
    const session = valueOf(await run((call) => register(call, { name: "Canary", email, password: canary })));
    const { actor } = await principal(session.access_token);
    const key = valueOf(await auth.createApiKey(context(), actor, { name: "k" }));
    const offered = valueOf(await run((call) => enrolSecondFactor(call, actor, { password: canary })));
    const code = new TOTP({ secret: Secret.fromBase32(offered.secret) }).generate();
    const { recovery_codes } = valueOf(await run((call) => confirmSecondFactor(call, actor, { code })));
    const challenged = await run((call) => logIn(call, { email, password: canary }));
    const challenge = challenged.ok ? "" : (challenged.error.challengeToken ?? "");
    const login = valueOf(await run((call) => startOidcLogin(call, {})));
    const link = tokenOf(await notice("email_verification", ({ data }) => data.to === email));
    const [signer] = await rowsOf("SELECT sealed_private_jwk AS jwk FROM signing_keys WHERE is_active = 1");
    const [member] = await rowsOf("SELECT password_hash AS hash FROM members WHERE email = ?", email);
    const canaries = [
      canary,
      session.access_token,
      session.refresh_token,
      key.key,
      await sha256Hex(key.key),
      offered.secret,
      ...recovery_codes,
      challenge,
      login.login_token,
      link,
      String(signer?.["jwk"]),
      String(member?.["hash"]),
      env.MASTER_KEY,
      env.OIDC_CLIENT_SECRET ?? "",
    ];
    expect(canaries.filter((secret) => secret.length < 8)).toEqual([]);
    // All answers so far were the ones that show a secret, once, to whom it belongs.
    answers.length = 0;

    const token = session.access_token;
    await run((call) => getMe(call, actor));
    await run((call) => getJwks(call));
    await run((call) => listApiKeys(call, actor, {}));
    await run((call) => listMembers(call, actor, {}));
    await run((call) => listSessions(call, actor, token, {}));
    await run((call) => getSecondFactor(call, actor));
    await run((call) => register(call, { name: "Canary", email, password: canary }));
    await run((call) => logIn(call, { email, password: `${canary}x` }));
    await run((call) => logIn(call, { email, password: canary, [canary.slice(0, 3)]: 1 }));
    await run((call) => verifySecondFactor(call, { challenge_token: challenge, code: "000000" }));
    await run((call) => verifySecondFactor(call, { challenge_token: `${challenge}x`, code: recovery_codes[0] }));
    await run((call) => changePassword(call, actor, token, { current_password: `${canary}x`, new_password: canary }));
    await run((call) => resetPassword(call, { token: link, new_password: canary }));
    await run((call) => verifyEmail(call, { token: `${link}x` }));
    await run((call) => finishOidcLogin(call, { login_token: login.login_token, code: "c", state: "s" }));
    await run((call) => refreshSession(call, { refresh_token: `${session.refresh_token}x` }));
    await run((call) => authenticate(call, `${token}x`));
    await run((call) => authenticate(call, key.key.slice(0, -1)));
    const broken = new Proxy(env.DB, {
      get: () => () => {
        throw new Error(`D1_ERROR near ${canaries.join(" ")}`);
      },
    });
    for (const operation of [
      (call: Call) => logIn(call, { email, password: canary }),
      (call: Call) => authenticate(call, key.key),
      (call: Call) => authenticate(call, token),
    ]) {
      expect(await run<unknown>(operation, { on: { ...verbose, DB: broken } })).toMatchObject({
        ok: false,
        error: { code: "service_unavailable" },
      });
    }
    await finish();

    expect(lines.length).toBeGreaterThan(20);
    const audit = JSON.stringify(await rowsOf("SELECT * FROM audit_log"));
    const notices = (await env.NOTICES_SINK.all()).map((body) => JSON.stringify(body));
    for (const secret of canaries) {
      expect(JSON.stringify(answers)).not.toContain(secret);
      expect(lines.join("\n")).not.toContain(secret);
      expect(audit).not.toContain(secret);
      expect(notices.filter((body) => body.includes(secret))).toHaveLength(secret === link ? 1 : 0);
    }
  });

  it("would be found: the search sees a secret where one is", async () => {
    const { answers, run, finish } = observer();
    const { email } = await registerCompany();
    const session = valueOf(await run((call) => logIn(call, { email, password: PASSWORD })));
    await finish();
    expect(JSON.stringify(answers)).toContain(session.access_token);
  });
});
