import { expect, it } from "vitest";
import { env } from "cloudflare:workers";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

it.each([
  ["a resource", "", "/openai/v1/chat/completions"],
  ["its v1 address", "/openai/v1", "/openai/v1/chat/completions"],
])("Azure OpenAI at %s gets its key in its own header and the deployment as the model", async (_, suffix, path) => {
  const scene = new Scene();
  const endpoint = scene.endpoint("a", { kind: "azure-openai", upstreamModel: "my-deployment" });
  const resource = endpoint.baseUrl.replace(/\/v1$/, "");
  expect(resource.startsWith(env.PROVIDER_URL)).toBe(true);
  await scene.plan([{ ...endpoint, baseUrl: `${resource}${suffix}` }]);
  await scene.provider("a", chatAnswer(), chatStream(wholeStream()));
  expect((await scene.chat()).status).toBe(200);
  await scene.endings(1);
  expect(await (await scene.chat({ stream: true })).text()).toContain("[DONE]");
  const calls = await scene.providerCalls("a");
  for (const call of calls) {
    expect(call.path).toBe(path);
    expect(call.headers).toMatchObject({ "api-key": "sk-secret-of-a" });
    expect(call.headers["authorization"]).toBeUndefined();
    expect(JSON.parse(call.body)).toMatchObject({ model: "my-deployment" });
  }
});
