import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { beforeAll, describe, expect, it } from "vitest";
import { send } from "./support/http.ts";

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Record<string, unknown>; readonly securitySchemes: Record<string, unknown> };
}

let document: Document;
let operations: readonly { readonly id: string; readonly operation: Operation }[];

beforeAll(async () => {
  document = await (await send("/openapi.json")).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ id: `${method.toUpperCase()} ${path}`, operation })),
  );
});

/** Routes that anybody may call; a new one has to be added here on purpose. */
const OPEN = [
  "GET /.well-known/jwks.json",
  "GET /health",
  "GET /health/live",
  "GET /health/ready",
  "POST /v1/auth/login",
  "POST /v1/auth/mfa/verify",
  "POST /v1/auth/oidc/callback",
  "POST /v1/auth/oidc/start",
  "POST /v1/auth/password/forgot",
  "POST /v1/auth/password/reset",
  "POST /v1/auth/verify-email",
  "GET /status.json",
  "POST /v1/auth/refresh",
  "POST /v1/auth/register",
  "POST /v1/invitations/accept",
  "POST /v1/webhooks/github-secret-scanning",
  "POST /v1/webhooks/stripe",
];

describe("the OpenAPI document", () => {
  it("is 3.1 and describes every route of the data plane", () => {
    expect(document.openapi).toBe("3.1.0");
    const described = operations.map(({ id }) => id);
    expect(described).toEqual(expect.arrayContaining(DATA_PLANE_ENDPOINTS.map((path) => `POST ${path}`)));
  });

  it("states the security of every route, and only the known ones are open", () => {
    const stated = Object.fromEntries(operations.map(({ id, operation }) => [id, operation.security]));
    const closed = [{ bearer: [] }, { apiKey: [] }];
    const expected = Object.fromEntries(operations.map(({ id }) => [id, OPEN.includes(id) ? [] : closed]));
    expect(stated).toEqual(expected);
    expect(Object.keys(stated)).toEqual(expect.arrayContaining(OPEN));
    expect(Object.keys(document.components.securitySchemes).toSorted()).toEqual(["apiKey", "bearer"]);
  });

  it("gives every route an own operationId, a summary and the error schema", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const poor = operations.filter(
      ({ operation }) =>
        !/^[a-z][A-Za-z]+$/.test(operation.operationId ?? "") ||
        (operation.summary ?? "") === "" ||
        !JSON.stringify(operation.responses.default ?? {}).includes("#/components/schemas/Error"),
    );
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  it("declares every parameter of every path", () => {
    for (const { id, operation } of operations) {
      const inPath = [...id.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect([id, ...declared.map((parameter) => parameter.name)]).toEqual([id, ...inPath]);
    }
  });

  it("refers to nothing that is not in it", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name ?? "");
  });

  it("refuses every secured route without a credential, and none of them is missing", async () => {
    for (const { id, operation } of operations.filter(({ operation }) => operation.security?.length !== 0)) {
      const [method = "", path = ""] = id.split(" ");
      const response = await send(path.replaceAll(/\{\w+\}/g, "some-id"), { method });
      expect([id, operation.operationId, response.status]).toEqual([id, operation.operationId, 401]);
      await response.body?.cancel();
    }
  });
});

describe("the documentation", () => {
  it("is served by ourselves: no other host appears in the page, and the policy allows none", async () => {
    const response = await send("/docs");
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:/);
    expect(response.headers.get("x-request-id")).not.toBeNull();
  });

  it.each(["/docs/start.js", "/vendor/scalar.js"])("%s is there, as a script", async (path) => {
    const response = await send(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("javascript");
    await response.body?.cancel();
  });

  it("has nothing else: a file that is not there is 404 in our shape", async () => {
    const response = await send("/vendor/.gitignore");
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
  });
});
