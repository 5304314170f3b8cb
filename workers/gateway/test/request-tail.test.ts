import type { RequestTail, RequestView } from "@aggregator/contracts/billing";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { beforeEach, describe, expect, it } from "vitest";
import { tailStream } from "../src/http/tail-stream.ts";
import { memberPrincipal } from "./support/builders.ts";
import { answers, argumentsOf, auth, billing, countOf, refuses } from "./support/doubles.ts";
import { refusal, send } from "./support/http.ts";
import { anyContext } from "./support/matchers.ts";

const bearer = { authorization: "Bearer token" };
/** As far as a tail looks at a request. */
const request = (id: string) => ({ id }) as RequestView;

/** An account whose requests end one batch per read. */
function accountOf(batches: readonly (readonly string[])[]) {
  const asked: number[] = [];
  const read = (after: number): Promise<Result<RequestTail>> => {
    asked.push(after);
    const ids = batches[asked.length - 1] ?? [];
    return Promise.resolve(ok({ data: ids.map(request), position: after + ids.length }));
  };
  return { asked, read };
}

describe("a tail", () => {
  it("tells where to come back to, then each request once, with the position at the end of a batch", async () => {
    const { read, asked } = accountOf([["a", "b"], [], ["c"]]);
    const text = await new Response(tailStream({ after: 7, pollMs: 5, maxMs: 60, read })).text();
    expect(text).toBe(
      "retry: 5\nid: 7\n\n" +
        'event: request\ndata: {"id":"a"}\n\n' +
        'id: 9\nevent: request\ndata: {"id":"b"}\n\n' +
        'id: 10\nevent: request\ndata: {"id":"c"}\n\n',
    );
    expect(asked.slice(0, 4)).toEqual([7, 9, 9, 10]);
  });

  it("ends with an error event when the account cannot be read", async () => {
    const read = () => Promise.resolve(err("service_unavailable", "no"));
    const text = await new Response(tailStream({ after: 1, pollMs: 5, maxMs: 1_000, read })).text();
    expect(text.split("\n\n").at(-2)).toBe(
      'event: error\ndata: {"error":{"code":"service_unavailable","message":"no"}}',
    );
  });

  it("stops asking once its reader has left", async () => {
    const { read, asked } = accountOf([]);
    const reader = tailStream({ after: 1, pollMs: 5, maxMs: 10_000, read }).getReader();
    await reader.read();
    const pending = reader.read();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await reader.cancel();
    await pending;
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(asked.length - before).toBeLessThanOrEqual(1);
  });
});

describe("GET /v1/requests/tail", () => {
  beforeEach(async () => {
    await auth.script({ authenticate: answers(memberPrincipal()) });
    await billing.script({ tailRequests: answers({ data: [], position: 41 }) });
  });

  it("is an event stream of the caller's company, from now on", async () => {
    const response = await send("/v1/requests/tail", { headers: bearer });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await response.text()).toBe("retry: 20\nid: 41\n\n");
  });

  it("goes on from the last event of the stream before", async () => {
    const response = await send("/v1/requests/tail", { headers: { ...bearer, "last-event-id": "7" } });
    expect(await response.text()).toContain("id: 7\n\n");
    const calls = (await billing.calls()).filter(({ method }) => method === "tailRequests");
    expect(calls[0]?.args).toEqual([anyContext, expect.anything(), 7]);
  });

  it("refuses with a status, before anything is streamed", async () => {
    await billing.script({ tailRequests: refuses("permission_denied") });
    const response = await send("/v1/requests/tail", { headers: bearer });
    expect(await refusal(response)).toMatchObject({ status: 403, code: "permission_denied" });
  });

  it("refuses a position that is none", async () => {
    const response = await send("/v1/requests/tail", { headers: { ...bearer, "last-event-id": "1 OR 1" } });
    expect(await refusal(response)).toMatchObject({ status: 400, param: "last-event-id" });
    expect(await countOf(billing, "tailRequests")).toBe(0);
  });
});

describe("GET /v1/requests", () => {
  it("hands a search to billing as it came", async () => {
    await auth.script({ authenticate: answers(memberPrincipal()) });
    await billing.script({ listRequests: answers({ data: [], nextCursor: null }) });
    await send("/v1/requests?status=5xx&model=a%2Fb&min_cost_nano_usd=5", { headers: bearer });
    const [, , query] = await argumentsOf(billing, "listRequests");
    expect(query).toEqual({ status: "5xx", model: "a/b", min_cost_nano_usd: "5" });
  });
});
