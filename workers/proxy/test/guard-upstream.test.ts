import { describe, expect, it } from "vitest";
import { isAllowedUpstream } from "../src/pipeline/guard-upstream.ts";
import { Scene } from "./support/harness.ts";

const REFUSED = [
  "https://127.1",
  "https://2130706433",
  "https://0x7f.1",
  "https://017700000001",
  "https://0",
  "https://①②⑦.⓪.⓪.①",
  "https://127。0。0。1",
  "https://127.0.0.1.",
  "https://localhost.",
  "https://[::1]",
  "https://[::]",
  "https://[::ffff:7f00:1]",
  "https://[::7f00:1]",
  "https://[64:ff9b::7f00:1]",
  "https://[2002:7f00:1::]",
  "https://[fd00::]",
  "https://[fe80::1]",
  "https://[fec0::1]",
  "https://100.64.0.1",
  "https://169.254.169.254",
  "https://user@example.com",
  "https://example.com\\@127.0.0.1",
  "https://127.0.0.1%2f@example.com",
  "ht\ttps://example.com",
  "https://exa\nmple.com",
  "http://example.com",
  "file:///etc/passwd",
];

describe("case 67: at the point of fetch a base URL is refused", () => {
  it.each(REFUSED)("%j", (baseUrl) => {
    expect(isAllowedUpstream(`${baseUrl}/v1/chat/completions`, baseUrl, false)).toBe(false);
    // A refusal is not forgotten by asking again.
    expect(isAllowedUpstream(`${baseUrl}/v1/chat/completions`, baseUrl, false)).toBe(false);
  });

  it("unless it is public https", () => {
    expect(isAllowedUpstream("https://api.example.com/v1/chat", "https://api.example.com/v1", false)).toBe(true);
  });
});

it.each(["file:///etc/passwd", "https://user:secret@127.0.0.1", "gopher://127.0.0.1"])(
  "case 67: a plan that names %s sends nothing, answers 502 and releases the hold",
  async (baseUrl) => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a", { baseUrl })]);
    const response = await scene.chat();
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain("127.0.0.1");
    expect((await scene.endings())[0]).toMatchObject({
      kind: "release",
      record: { attempts: [{ outcome: "connect_failed", status: null, lossNanoUsd: 0 }] },
    });
  },
);

it("case 70: each endpoint gets its own credential and no other, also when one fails over to the next", async () => {
  const scene = new Scene();
  const own = { id: `own-${scene.id}`, secret: "sk-company-own", owner: "company" } as const;
  await scene.plan([scene.endpoint("a", { credential: own }), scene.endpoint("b")]);
  await scene.provider("a", { status: 302, headers: { location: `${scene.endpoint("b").baseUrl}/chat/completions` } });
  await scene.provider("b", { status: 401 });
  expect((await scene.chat()).status).toBe(502);
  const headersAt = async (slug: string) =>
    (await scene.providerCalls(slug)).map((call) => call.headers["authorization"]);
  expect(await headersAt("a")).toEqual(["Bearer sk-company-own"]);
  expect(await headersAt("b")).toEqual(["Bearer sk-secret-of-b"]);
});
