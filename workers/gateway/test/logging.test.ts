import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keyPrincipal, memberPrincipal } from "./support/builders.ts";
import { answers, auth, billing, proxied, proxy } from "./support/doubles.ts";
import { send } from "./support/http.ts";

const CANARY = "CANARY2718281828";
let lines: string[] = [];

beforeEach(async () => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(String(line)));
  await auth.script({ authenticate: answers(keyPrincipal()) });
  await proxy.script({ fetch: { status: 200, body: CANARY } });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function requestLines(): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ event }) => event === "request");
}

describe("the gateway's log", () => {
  it("has one line per request with its ids and trace, and nothing of body, query, headers or credential", async () => {
    const response = await send(`/v1/chat/completions?${CANARY}=${CANARY}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ag_live_${CANARY}`,
        "content-type": "application/json",
        "x-client-request-id": "client-7",
        "x-custom": CANARY,
        cookie: CANARY,
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      },
      body: JSON.stringify({ model: CANARY, messages: [{ role: "user", content: CANARY }] }),
    });
    expect(response.status).toBe(200);
    expect(requestLines()).toMatchObject([
      {
        level: "info",
        worker: "gateway",
        request_id: (await proxied()).headers["x-aggregator-request-id"],
        client_request_id: "client-7",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        company_id: "company-1",
        key_id: "key-1",
        route: "/v1/chat/completions",
        status: 200,
      },
    ]);
    expect(lines.join("\n")).not.toContain(CANARY);
  });

  it("names a management route by its pattern, and the failure of a Worker by its class", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()) });
    await billing.script({ getRequest: { fail: `SQL ${CANARY}` } });
    await send(`/v1/requests/${CANARY}`, { headers: { authorization: `Bearer ${CANARY}` } });
    expect(requestLines()).toMatchObject([{ level: "warn", route: "/v1/requests/:id", status: 503 }]);
    expect(lines.join("\n")).not.toContain(CANARY);
  });
});
