/** `GET /v1/models`: the one model; requests may name any. */
export function listModels(): Response {
  const models = [{ id: "echo", object: "model", created: 1_700_000_000, owned_by: "sandbox" }];
  return Response.json({ object: "list", data: models });
}
