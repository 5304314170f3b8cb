import { createServer } from "node:http";
import { z } from "zod";

/** What a provider is to say of a day, in USD; the pages of OpenAI's, the rows of OpenRouter's. */
const Script = z.strictObject({
  provider: z.enum(["openai", "openrouter"]),
  day: z.string(),
  usd: z.array(z.union([z.number(), z.string()])).default([]),
  /** Another status than 200. */
  status: z.number().default(200),
});
type Script = z.infer<typeof Script>;

const KEY = "Bearer report-key";
const DAY_SECONDS = 86_400;

/** Providers' reports of what they billed, in their own shapes, as a test has set them under `/double`. Answers its address. */
export async function listenForReports(): Promise<string> {
  const scripts = new Map<string, Script>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://double");
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json", location: "http://127.0.0.1:1/" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/double") {
      let text = "";
      request.on("data", (chunk) => (text += String(chunk)));
      request.on("end", () => {
        const script = Script.parse(JSON.parse(text));
        scripts.set(`${script.provider}/${script.day}`, script);
        send(200, {});
      });
      return;
    }
    if (request.headers.authorization !== KEY) return send(401, {});
    const report = url.pathname === "/openai/organization/costs" ? openAiReport : openRouterReport;
    const { status, body } = report(scripts, url.searchParams);
    send(status, body);
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the double has no port");
  return `http://127.0.0.1:${address.port}`;
}

type Scripts = ReadonlyMap<string, Script>;

/** A page for each amount; the page's cursor is its number. */
function openAiReport(scripts: Scripts, query: URLSearchParams): { status: number; body: object } {
  const start = Number(query.get("start_time"));
  const isDay = query.get("bucket_width") === "1d" && Number(query.get("end_time")) - start === DAY_SECONDS;
  const { usd = [], status = 200 } = scripts.get(`openai/${dayOf(start)}`) ?? {};
  if (!isDay || status !== 200) return { status: isDay ? status : 400, body: {} };
  const page = Number(query.get("page") ?? 0);
  const results = usd.slice(page, page + 1).map((value) => {
    return {
      object: "organization.costs.result",
      amount: { value, currency: "usd" },
      line_item: null,
      project_id: null,
    };
  });
  const bucket = { object: "bucket", start_time: start, end_time: start + DAY_SECONDS, results };
  const hasMore = page + 1 < usd.length;
  return {
    status,
    body: { object: "page", data: [bucket], has_more: hasMore, next_page: hasMore ? String(page + 1) : null },
  };
}

/** A row for each amount, and one of another day, which a report that ignores `date` would have. */
function openRouterReport(scripts: Scripts, query: URLSearchParams): { status: number; body: object } {
  const day = query.get("date") ?? "";
  const { usd = [], status = 200 } = scripts.get(`openrouter/${day}`) ?? {};
  const row = (date: string, usage: unknown) => {
    return { date, usage, model: "m", provider_name: "P", byok_usage_inference: 99, requests: 1 };
  };
  return { status, body: { data: [...usd.map((usage) => row(`${day} 00:00:00`, usage)), row("2020-01-01", 7)] } };
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
