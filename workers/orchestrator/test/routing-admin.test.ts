import { describe, expect, it } from "vitest";
import { resolveAliases } from "../src/domain/resolve-aliases.ts";
import {
  addModel,
  addProvider,
  context,
  errorOf,
  fresh,
  operator,
  orchestrator,
  owner,
  planFor,
  valueOf,
} from "./orchestrator.ts";

const api = orchestrator();

function setAlias(id: string, models: readonly string[]) {
  return api.setModelAlias(context, operator, id, { models });
}

async function modelsPlanned(name: string, request: Parameters<typeof planFor>[1] = {}): Promise<readonly string[]> {
  const { endpoints } = await valueOf(planFor(name, request));
  return endpoints.map(({ model }) => model);
}

describe("the models that names stand for", () => {
  const aliases = new Map([
    ["fast", ["a", "b"]],
    ["deep", ["b", "c"]],
    ["a", ["c"]],
    ["nested", ["fast"]],
  ]);
  const isModel = (name: string) => ["a", "b", "c"].includes(name);

  it.each<[string, string[], [string, string[]][]]>([
    ["a model stands for itself, whatever alias has its name", ["a"], [["a", ["a"]]]],
    [
      "an alias for its models, in order",
      ["fast"],
      [
        ["a", ["fast"]],
        ["b", ["fast"]],
      ],
    ],
    [
      "each model once, with every name that led there",
      ["fast", "deep", "b"],
      [
        ["a", ["fast"]],
        ["b", ["fast", "deep", "b"]],
        ["c", ["deep"]],
      ],
    ],
    [
      "fallbacks after all of an alias",
      ["deep", "a"],
      [
        ["b", ["deep"]],
        ["c", ["deep"]],
        ["a", ["a"]],
      ],
    ],
    ["an unknown name stands for itself", ["x"], [["x", ["x"]]]],
    ["an alias of an alias is none", ["nested"], [["fast", ["nested"]]]],
  ])("%s", (_, names, expected) => {
    const wanted = resolveAliases(names, isModel, aliases);
    expect(wanted.map(({ model, askedAs }) => [model, askedAs])).toEqual(expected);
  });
});

describe("/v1/admin/routing/aliases", () => {
  it("makes, shows, lists, replaces and removes; each is in force at once", async () => {
    const { slug } = await addProvider();
    const [first, second] = [await addModel({ [slug]: "1" }), await addModel({ [slug]: "2" })];
    const id = fresh("zz-alias/of");
    const made = await valueOf(setAlias(id, [second.id, first.id]));
    expect(made).toEqual({
      id,
      models: [second.id, first.id],
      created_at: expect.any(String) as string,
      updated_at: made.created_at,
    });
    expect(await valueOf(api.getModelAlias(context, operator, id))).toEqual(made);
    expect(await modelsPlanned(id)).toEqual([second.id, first.id]);

    const replaced = await valueOf(setAlias(id, [first.id]));
    expect(replaced).toMatchObject({ models: [first.id], created_at: made.created_at });
    expect(await modelsPlanned(id)).toEqual([first.id]);
    const other = await valueOf(setAlias(fresh("zz-alias/of"), [first.id]));
    const page = await valueOf(api.listModelAliases(context, operator, { limit: "1" }));
    expect(page.data).toEqual([replaced]);
    const rest = await valueOf(api.listModelAliases(context, operator, { limit: "1", cursor: page.nextCursor }));
    expect(rest).toEqual({ data: [other], nextCursor: null });

    await valueOf(api.deleteModelAlias(context, operator, id));
    await valueOf(api.deleteModelAlias(context, operator, other.id));
    expect(await errorOf(planFor(id))).toMatchObject({ code: "model_not_found" });
    expect(await errorOf(api.getModelAlias(context, operator, id))).toMatchObject({ code: "not_found" });
    expect(await errorOf(api.deleteModelAlias(context, operator, id))).toMatchObject({ code: "not_found" });
  });

  it("falls back among its models, and is allowed by a key that names it or its model", async () => {
    const [on, off] = [(await addProvider()).slug, (await addProvider({ enabled: false })).slug];
    const [dead, alive] = [await addModel({ [off]: "1" }), await addModel({ [on]: "1" })];
    const { id } = await valueOf(setAlias(fresh("alias"), [dead.id, alive.id]));
    expect(await modelsPlanned(id)).toEqual([alive.id]);
    expect(await modelsPlanned(id, { allowedModels: [id] })).toEqual([alive.id]);
    expect(await modelsPlanned(id, { allowedModels: [alive.id] })).toEqual([alive.id]);
    // The alias opens its models only to who asks for the alias.
    expect(await errorOf(planFor(alive.id, { allowedModels: [id] }))).toMatchObject({ code: "permission_denied" });
    expect(await errorOf(planFor(id, { allowedModels: ["other"] }))).toMatchObject({ code: "permission_denied" });
    await valueOf(api.deleteModel(context, operator, dead.id));
    expect(await modelsPlanned(id)).toEqual([alive.id]);
  });

  it("gives way to a model of its name", async () => {
    const { slug } = await addProvider();
    const target = await addModel({ [slug]: "1" });
    const { id } = await valueOf(setAlias(fresh("alias"), [target.id]));
    await addModel({ [slug]: null }, { id });
    expect(await errorOf(planFor(id))).toMatchObject({ code: "model_not_priced" });
    expect(await errorOf(setAlias(id, [target.id]))).toMatchObject({ code: "already_exists", param: "id" });
  });

  it("is listed with what its first callable model shows, and only while one can be called", async () => {
    const [on, off] = [(await addProvider()).slug, (await addProvider({ enabled: false })).slug];
    const [dead, alive] = [await addModel({ [off]: "1" }), await addModel({ [on]: "1.5" }, { context_window: 8_000 })];
    const [shown, hidden] = [fresh("alias"), fresh("alias")];
    await valueOf(setAlias(shown, [dead.id, alive.id]));
    await valueOf(setAlias(hidden, [dead.id]));
    const list = await valueOf(api.listModels(context));
    const view = list.find(({ id }) => id === shown);
    expect(view).toMatchObject({ id: shown, object: "model", context_window: 8_000, pricing: { input: "1.5" } });
    expect(list.map(({ id }) => id)).toEqual(list.map(({ id }) => id).toSorted());
    expect(list.some(({ id }) => id === hidden)).toBe(false);
    expect(await valueOf(api.getModel(context, shown))).toEqual(view);
    expect(await errorOf(api.getModel(context, hidden))).toMatchObject({ code: "model_not_found" });
  });

  it("refuses what is no alias, naming the field", async () => {
    const { slug } = await addProvider();
    const { id: model } = await addModel({ [slug]: "1" });
    const wrong: [string, unknown, string][] = [
      ["has space", { models: [model] }, "id"],
      ["x", { models: [] }, "models"],
      ["x", { models: [model, model] }, "models"],
      ["x", { models: [model, "no/such"] }, "models.1"],
      ["x", { models: Array.from({ length: 11 }, (_, n) => `m${n}`) }, "models"],
      ["x", { models: [model], more: 1 }, "more"],
    ];
    for (const [id, input, param] of wrong) {
      const error = await errorOf(api.setModelAlias(context, operator, id, input));
      expect([error.code, error.param]).toEqual(["invalid_request", param]);
    }
  });

  it("is the operators' alone", async () => {
    const refused = await Promise.all([
      errorOf(api.listModelAliases(context, owner, {})),
      errorOf(api.getModelAlias(context, owner, "x")),
      errorOf(api.setModelAlias(context, owner, "x", { models: ["y"] })),
      errorOf(api.deleteModelAlias(context, owner, "x")),
    ]);
    expect(refused.map(({ code }) => code)).toEqual(refused.map(() => "permission_denied"));
  });
});
