import { beforeAll, describe, expect, it } from "vitest";
import { send } from "./support/http.ts";

async function page(path = "/console"): Promise<{ readonly response: Response; readonly html: string }> {
  const response = await send(path);
  return { response, html: await response.text() };
}

// The first request pays for the Worker's start.
beforeAll(async () => void (await page()));

describe("the console", () => {
  it.each(["/console", "/console/", "/console/requests/01a2137e-24aa-73e7-9e5a-4845884b79cf", "/console/nothing"])(
    "%s is its page, which is asked for anew each time",
    async (path) => {
      const { response, html } = await page(path);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(html).toContain('<div id="root">');
    },
  );

  it("case 51: the policy allows no inline script or style, no other host, no frame, and no text as markup", async () => {
    const { response, html } = await page();
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son[a-z]+=/);
  });

  it("its files are named by their contents and kept for good, with their types", async () => {
    const { html } = await page();
    const files = [...html.matchAll(/"(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
    expect(files.map((path) => path.replace(/-[A-Z0-9]{8}\./, "-HASH."))).toEqual([
      "/console/assets/icon-HASH.svg",
      "/console/assets/console-HASH.css",
      "/console/assets/main-HASH.js",
    ]);
    const types = ["image/svg+xml", "text/css", "text/javascript"];
    for (const [index, path] of files.entries()) {
      const response = await send(path);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toContain(types[index]);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      await response.body?.cancel();
    }
  });

  it.each(["/console/assets/main.js", "/console/assets/..%2Findex.html", "/console/assets/.gitignore"])(
    "%s is not there: 404 in our shape, and nothing that is kept",
    async (path) => {
      const response = await send(path);
      expect(response.status).toBe(404);
      expect(response.headers.get("cache-control") ?? "").not.toContain("immutable");
      expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
    },
  );

  it("its script is at most 60 KB compressed", async () => {
    const { html } = await page();
    const script = await send(/\/console\/assets\/main-[^"]+/.exec(html)?.[0] ?? "");
    const packed = script.body?.pipeThrough(new CompressionStream("gzip")) ?? null;
    expect((await new Response(packed).arrayBuffer()).byteLength).toBeLessThan(60_000);
  });
});
