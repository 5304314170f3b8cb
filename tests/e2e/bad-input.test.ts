import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Ledger } from "./support/ledger.ts";
import { ask, errorOf, openAi } from "./support/openai.ts";
import { OneConnection } from "./support/one-connection.ts";
import { Operator } from "./support/operator.ts";
import { MAX_BODY_BYTES } from "./support/limits.ts";
import { Sandbox } from "./support/sandbox.ts";
import { Platform, type Tenant, valueAt } from "./walk/platform.ts";

const CHAT = "/v1/chat/completions";
const JSON_TYPE = { "content-type": "application/json" };
const label = randomUUID();

let platform: Platform;
let operator: Operator;
let sandbox: Sandbox;
let tenant: Tenant;
let ledger: Ledger;
let connection: OneConnection;

beforeAll(async () => {
  platform = await Platform.fromFile();
  operator = await Operator.signIn(platform);
  sandbox = new Sandbox(await operator.sandboxUrl());
  tenant = await platform.newTenant("bad-input");
  ledger = new Ledger(platform, tenant);
  connection = new OneConnection(platform.origin);
});

afterAll(() => connection.close());

/** A chat body, good but for `fields`. */
function body(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(ask("hi", { sandbox: { label }, ...fields }));
}

const big = body({ messages: [{ role: "user", content: "x".repeat(MAX_BODY_BYTES) }] });
const deep = `{"model":"sandbox/echo","messages":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;

type Case = readonly [
  name: string,
  headers: Readonly<Record<string, string>>,
  body: string | readonly string[],
  status: number,
  code: string,
  param: string | null,
];

describe("case 48: bad input is refused by its own status, naming the field", () => {
  it.each<Case>([
    ["a body over the limit", JSON_TYPE, big, 413, "request_too_large", null],
    ["a body over the limit without a length", JSON_TYPE, [big, " "], 413, "request_too_large", null],
    ["another content type", { "content-type": "text/plain" }, body(), 415, "unsupported_media_type", "content-type"],
    ["no content type", {}, body(), 415, "unsupported_media_type", "content-type"],
    [
      "a content encoding",
      { ...JSON_TYPE, "content-encoding": "gzip" },
      body(),
      415,
      "unsupported_media_type",
      "content-encoding",
    ],
    ["no body", JSON_TYPE, "", 400, "invalid_json", null],
    ["what is not JSON", JSON_TYPE, "{", 400, "invalid_json", null],
    ["text after the JSON", JSON_TYPE, `${body()}x`, 400, "invalid_json", null],
    ["nesting without end", JSON_TYPE, deep, 400, "invalid_json", null],
    ["a key twice", JSON_TYPE, '{"model":"sandbox/echo","model":"b","messages":[]}', 400, "invalid_json", null],
    ["__proto__", JSON_TYPE, '{"__proto__":{"a":1},"model":"sandbox/echo"}', 400, "invalid_json", null],
    ["a number beyond all numbers", JSON_TYPE, '{"model":"sandbox/echo","n":1e999}', 400, "invalid_json", null],
    ["an array", JSON_TYPE, "[]", 400, "invalid_request", "body"],
    ["no model", JSON_TYPE, body({ model: undefined }), 400, "invalid_request", "model"],
    ["a model that is a number", JSON_TYPE, body({ model: 7 }), 400, "invalid_request", "model"],
    ["no messages", JSON_TYPE, body({ messages: undefined }), 400, "invalid_request", "messages"],
    ["messages that are text", JSON_TYPE, body({ messages: "hi" }), 400, "invalid_request", "messages"],
    ["a message that is null", JSON_TYPE, body({ messages: [null] }), 400, "invalid_request", "messages.0"],
    ["a message without a role", JSON_TYPE, body({ messages: [{}] }), 400, "invalid_request", "messages.0.role"],
    ["a negative max_tokens", JSON_TYPE, body({ max_tokens: -1 }), 400, "invalid_request", "max_tokens"],
    ["a fraction of a token", JSON_TYPE, body({ max_tokens: 1.5 }), 400, "invalid_request", "max_tokens"],
    ["max_tokens in words", JSON_TYPE, body({ max_tokens: "5" }), 400, "invalid_request", "max_tokens"],
    ["n of nought", JSON_TYPE, body({ n: 0 }), 400, "invalid_request", "n"],
    ["a million answers", JSON_TYPE, body({ n: 1_000_000 }), 400, "invalid_request", "n"],
    ["stream in words", JSON_TYPE, body({ stream: "true" }), 400, "invalid_request", "stream"],
  ])("%s", async (_, headers, payload, status, code, param) => {
    const authorized = { authorization: `Bearer ${tenant.key}`, ...headers };
    const answer = await connection.send("POST", CHAT, authorized, payload);
    const error = valueAt(JSON.parse(answer.body), "error");
    expect([answer.status, valueAt(error, "code"), valueAt(error, "param")]).toEqual([status, code, param]);
    expect(answer.body).not.toContain(tenant.key);
  });

  it("on the management plane too", async () => {
    const send = (headers: Readonly<Record<string, string>>, payload: string) =>
      connection.send("POST", "/v1/api-keys", { authorization: `Bearer ${tenant.token}`, ...headers }, payload);
    expect((await send(JSON_TYPE, '{"name":7}')).body).toContain('"param":"name"');
    expect((await send(JSON_TYPE, "{")).status).toBe(400);
    expect((await send({ "content-type": "text/plain" }, "{}")).status).toBe(415);
    expect((await send({ ...JSON_TYPE, "content-encoding": "br" }, "{}")).status).toBe(415);
    expect((await send(JSON_TYPE, JSON.stringify({ name: "x".repeat(2_000_000) }))).status).toBe(413);
  });

  it("while the connection survives: the next request goes through on it", async () => {
    for (const [headers, payload] of [
      [JSON_TYPE, "{"],
      [{ "content-type": "text/plain" }, body()],
      [JSON_TYPE, big],
    ] as const) {
      const fresh = new OneConnection(platform.origin);
      await fresh.send("POST", CHAT, { authorization: `Bearer ${tenant.key}`, ...headers }, payload);
      const next = await fresh.send("GET", "/v1/models", { authorization: `Bearer ${tenant.key}` });
      fresh.close();
      expect([next.status, next.reused]).toEqual([200, true]);
    }
  });

  it("and nothing of it reached the provider or was charged", async () => {
    expect(await sandbox.calls(label)).toEqual([]);
    expect(await ledger.balance()).toMatchObject({ posted_nano_usd: 100_000_000_000, held_nano_usd: 0 });
    expect((await ledger.entries()).filter(({ request_id: id }) => id !== null)).toEqual([]);
  });
});

describe("of a provider's refusal", () => {
  const secret = `e2eSecret${randomUUID().replaceAll("-", "")}`;

  it.each([
    [400, "the client sees the message, without the platform's credential"],
    [401, "the client sees nothing: it is the platform's credential that was refused"],
    [500, "the client sees nothing"],
  ])("%d: %s", async (status) => {
    const provider = await operator.addProvider({ base_url: sandbox.baseUrl, api_key: secret });
    const model = await operator.addModel({ prices: { input: "1", output: "1" }, provider });
    const message = `context too long for ${secret} and sk-proj-abcdef123456`;
    const client = openAi(platform, tenant.key);
    const request = { ...ask("x", { sandbox: { status, message } }), model };
    const error = await errorOf(client.chat.completions.create(request));
    const shown = JSON.stringify(valueAt(error, "error"));
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain("sk-proj");
    expect(shown.includes("context too long")).toBe(status === 400);
    expect(valueAt(error, "status")).toBe(status === 400 ? 400 : 502);
  });
});
