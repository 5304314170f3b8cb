import { CallLog } from "./domain/call-log.ts";
import { refuse } from "./http/error-answer.ts";
import { answerChat } from "./operations/answer-chat.ts";
import { answerEmbeddings } from "./operations/answer-embeddings.ts";
import { answerResponses } from "./operations/answer-responses.ts";
import { clearCalls, listCalls } from "./operations/count-calls.ts";
import { listModels } from "./operations/list-models.ts";

/** Per isolate: in local workerd there is one. */
const log = new CallLog();

/** Development only: a provider that speaks the OpenAI wire, deterministic, with faults on demand. */
export default {
  fetch(request): Promise<Response> | Response {
    switch (`${request.method} ${new URL(request.url).pathname}`) {
      case "POST /v1/chat/completions":
        return answerChat(request, log, Date.now());
      case "POST /v1/responses":
        return answerResponses(request, log, Date.now());
      case "POST /v1/embeddings":
        return answerEmbeddings(request, log);
      case "GET /v1/models":
        return listModels();
      case "GET /sandbox/calls":
        return listCalls(request, log);
      case "DELETE /sandbox/calls":
        return clearCalls(log);
      default:
        return refuse(404, "The sandbox has no such route.");
    }
  },
} satisfies ExportedHandler;
