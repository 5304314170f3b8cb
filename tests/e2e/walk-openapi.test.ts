import { beforeAll, describe, expect, it } from "vitest";
import { operationsOf, type Document, type Operation } from "./walk/document.ts";
import { Platform, valueAt, type Answer, type Tenant } from "./walk/platform.ts";

/**
 * Walks every route of /openapi.json (reliability.md 4, cases 38, 39, 41, 44). Nothing here names a route
 * that it tests, only the exceptions, so that a new route is covered without anyone remembering.
 */

/** Routes that need no permission beyond being known. */
const FOR_ANY_CALLER = new Set(["GET /v1/me", "GET /v1/models", "GET /v1/models/{id}", "POST /v1/auth/logout"]);
/** Fields that no client may set, each with the names that it may have inside: a row's are in camelCase. */
const FORBIDDEN_FIELDS: readonly Readonly<Record<string, unknown>>[] = [
  { role: "owner" },
  { company_id: "0", companyId: "0" },
  { balance: 1e15, posted_nano_usd: 1e15 },
  { is_admin: true, isAdmin: true },
  { platform_admin: true, platformAdmin: true, isPlatformAdmin: true },
  { is_verified: true, emailVerified: true },
  { email_verified: true, emailVerifiedAtMs: 1 },
  { referrer_id: "0", referredByCompanyId: "0" },
  { permissions: ["*"] },
];
/** Routes walked at a time: enough to keep a machine busy, and no more. */
const AT_A_TIME = 6;

let platform: Platform;
let operations: readonly Operation[];
let ours: Tenant;
let theirs: Tenant;
/** Ids that exist and belong to the other company, by the path of the list that shows them. */
let foreignIds: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  platform = await Platform.fromFile();
  const document = await platform.send("GET", "/openapi.json");
  operations = operationsOf(document.body as Document);
  [ours, theirs] = await Promise.all([platform.newTenant("ours"), platform.newTenant("theirs")]);
  await requestOf(theirs);
  foreignIds = await foreignIdsOf(theirs);
}, 60_000);

describe("every secured route", () => {
  it("is there to be walked", () => {
    expect(secured().length).toBeGreaterThan(25);
  });

  it.each([
    ["no credential", undefined],
    ["an unknown key", `ag_live_${"0".repeat(40)}`],
    ["SQL", "'OR/**/1=1;--"],
    ["a JWT that is not signed", unsignedToken()],
  ])("answers 401 to %s", async (_, token) => {
    const answers = await Promise.all(
      secured().map(async (operation) => {
        const answer = await platform.call(operation, token === undefined ? {} : { token });
        return [operation.name, answer.status, hasErrorShape(answer)];
      }),
    );
    expect(answers).toEqual(secured().map(({ name }) => [name, 401, true]));
  });

  it("is refused to a key without its scope", async () => {
    const created = await platform.sendJson(
      "POST",
      "/v1/api-keys",
      { name: "none", scopes: ["models:read"] },
      ours.token,
    );
    const key = String(valueAt(created.body, "key"));
    const checked = secured().filter(({ name }) => !FOR_ANY_CALLER.has(name));
    const answers = await Promise.all(
      checked.map(async (operation) => [operation.name, (await platform.call(operation, { token: key })).status]),
    );
    expect(answers).toEqual(checked.map(({ name }) => [name, 403]));
  });

  it("with an id of another company answers exactly as with an id that does not exist", async () => {
    const withIds = secured().filter(({ parameters, admin }) => parameters.length > 0 && !admin);
    expect(withIds.length).toBeGreaterThan(2);
    await inTurn(withIds, async (operation) => {
      const theirIds = idsFor(operation);
      for (const token of [ours.token, ours.key]) {
        const ids = [crypto.randomUUID(), ...theirIds];
        const [missing, ...foreign] = await Promise.all(
          ids.map(async (id) => comparable(await platform.call(operation, { token, id }))),
        );
        expect([operation.name, foreign]).toEqual([operation.name, theirIds.map(() => missing)]);
      }
    });
    const theirMe = await platform.send("GET", "/v1/me", { headers: { "x-api-key": theirs.key } });
    expect(theirMe.status).toBe(200);
  }, 60_000);

  it("of the operators is refused to a company's owner and to its key", async () => {
    const admin = operations.filter((operation) => operation.admin);
    expect(admin.length).toBeGreaterThan(5);
    for (const token of [ours.token, ours.key]) {
      const answers = await Promise.all(
        admin.map(async (operation) => {
          const answer = await platform.call(operation, { token });
          return [operation.name, answer.status, valueAt(answer.body, "error", "code")];
        }),
      );
      expect(answers).toEqual(admin.map(({ name }) => [name, 403, "permission_denied"]));
    }
  });
});

describe("every route that takes a body", () => {
  it("refuses, or leaves without effect, the fields that no client may set", async () => {
    const before = await stateOf(ours);
    const withBody = operations.filter(({ body, inference }) => body !== null && !inference);
    await inTurn(withBody, async (operation) => {
      const example = operation.body?.example;
      const given = typeof example === "object" ? example : {};
      for (const names of FORBIDDEN_FIELDS) {
        // What a route documents is for its clients to set, as the role of somebody that an owner invites.
        const fields = Object.entries(names).filter(([field]) => !operation.body?.fields.includes(field));
        if (fields.length === 0) continue;
        const body = { ...given, ...Object.fromEntries(fields) };
        const answer = await platform.call(operation, { token: ours.token, body });
        const isRefused = answer.status >= 400 && answer.status < 500;
        const taken = fields.filter(([field, value]) => !isRefused && echoes(answer.body, field, value));
        expect([operation.name, taken]).toEqual([operation.name, []]);
      }
    });
    expect(await stateOf(ours)).toEqual(before);
  }, 60_000);
});

/** Does something for each, a few at a time. */
async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** Ids of the other company that a route could name: of the list that it belongs to, else one of each. */
function idsFor({ path }: Operation): readonly string[] {
  const own = [...foreignIds].filter(([list]) => path.startsWith(`${list}/{`)).flatMap(([, ids]) => ids);
  return [...new Set([theirs.companyId, ...(own.length > 0 ? own : [...foreignIds.values()].flat())])];
}

function secured(): readonly Operation[] {
  return operations.filter((operation) => operation.secured);
}

/** The error shape of the path's client, with the id that is also in the header. */
function hasErrorShape({ body, headers }: Answer): boolean {
  const typed = typeof valueAt(body, "error", "type") === "string";
  const said = typeof valueAt(body, "error", "message") === "string";
  return typed && said && valueAt(body, "request_id") === headers.get("x-request-id");
}

/** What of an answer must not depend on whose an id is. */
function comparable({ status, body }: Answer): unknown {
  return { status, error: valueAt(body, "error"), keys: Object.keys(body ?? {}).toSorted() };
}

/** Whether a value that a client must not set came back as set. */
function echoes(body: unknown, field: string, value: unknown): boolean {
  return JSON.stringify(valueAt(body, field)) === JSON.stringify(value);
}

/** What mass assignment would change. */
async function stateOf(tenant: Tenant): Promise<unknown> {
  const headers = { authorization: `Bearer ${tenant.token}` };
  const me = await platform.send("GET", "/v1/me", { headers });
  const balance = await platform.send("GET", "/v1/billing/balance", { headers });
  return { me: me.body, balance: balance.body };
}

/** Makes an inference request of a company and returns its id. */
async function requestOf(tenant: Tenant): Promise<string> {
  const answer = await platform.sendJson(
    "POST",
    "/v1/chat/completions",
    { model: "sandbox/echo", messages: [{ role: "user", content: "walk" }] },
    tenant.key,
  );
  expect(answer.status).toBe(200);
  return answer.headers.get("x-request-id") ?? "";
}

/**
 * Ids that a company has and the other one does not: of all that its lists show, once each route that
 * makes something has been asked for its documented example. A new resource is found by its list.
 */
async function foreignIdsOf(tenant: Tenant): Promise<ReadonlyMap<string, readonly string[]>> {
  const makers = managed().filter(({ method, parameters }) => method === "POST" && parameters.length === 0);
  await inTurn(makers, async (operation) => void (await platform.call(operation, { token: tenant.token })));
  const lists = managed().filter(({ method, parameters }) => method === "GET" && parameters.length === 0);
  const idsOf = ({ token }: Tenant) =>
    Promise.all(lists.map(async (list) => listedIds((await platform.call(list, { token })).body)));
  const [known, found] = await Promise.all([idsOf(ours), idsOf(tenant)]);
  const theirOwn = lists.map(({ path }, index) => {
    const ids = found[index]?.filter((id) => !known.flat().includes(id)) ?? [];
    // One of each list will do: the walk asks every route for each.
    return [path, ids.slice(0, 1)] as const;
  });
  return new Map(theirOwn.filter(([, ids]) => ids.length > 0));
}

/** Routes of a company's resources that end and answer at once: no streams, nothing about the session itself. */
function managed(): readonly Operation[] {
  return secured().filter(
    ({ path, admin, inference }) =>
      !admin && !inference && !path.startsWith("/v1/auth/") && !/\/(?:tail|export|close)$/.test(path),
  );
}

function listedIds(body: unknown): readonly string[] {
  const data = valueAt(body, "data");
  if (!Array.isArray(data)) return [];
  return data.map((item: unknown) => valueAt(item, "id")).filter((id) => typeof id === "string");
}

function unsignedToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part({ sub: "admin", platform_admin: true, exp: 4e9 })}.`;
}
