import type { WorkerName } from "../../tools/workers.ts";
import type { WorkerOptions } from "../subjects/compose-config.ts";

/** What each Worker's module exports that is given an `env`, beside its default. */
const CLASSES: Readonly<Record<WorkerName, { readonly isClass: boolean; readonly objects: readonly string[] }>> = {
  gateway: { isClass: false, objects: [] },
  proxy: { isClass: false, objects: [] },
  auth: { isClass: true, objects: ["AttemptLimiter"] },
  orchestrator: { isClass: true, objects: ["ProviderHealth"] },
  billing: { isClass: true, objects: ["CompanyAccount"] },
  analytics: { isClass: true, objects: [] },
  notifications: { isClass: true, objects: [] },
};

/** The mark of a counting line in workerd's output. */
export const COUNTED = "counted:";

/**
 * Runs inside the Worker, before its own code: every binding that costs something says so on the
 * console when it is used. Only for counting: a run that is timed has the Workers as they are.
 */
const COUNTING = `
const say = (what, count = 1) => { if (count > 0) console.log(${JSON.stringify(COUNTED)} + JSON.stringify({ worker: WORKER, what, count })); };
const saying = (callee, what) => new Proxy({}, {
  get: (_, method) => typeof method === "symbol" || method === "then" ? undefined
    : (...args) => { say(what + "." + method); return callee[method](...args); },
});
const database = (d1) => ({
  prepare: (sql) => { say("d1_statement"); return d1.prepare(sql); },
  batch: (statements) => d1.batch(statements), exec: (sql) => d1.exec(sql), withSession: (...args) => d1.withSession(...args),
});
const objects = (namespace, name) => ({
  getByName: (id, ...args) => saying(namespace.getByName(id, ...args), name),
  get: (id, ...args) => saying(namespace.get(id, ...args), name),
  idFromName: (id) => namespace.idFromName(id), idFromString: (id) => namespace.idFromString(id), newUniqueId: (...args) => namespace.newUniqueId(...args),
});
const queue = (target, name) => ({
  send: (...args) => { say("queue_message." + name); return target.send(...args); },
  sendBatch: (messages, ...args) => { const all = [...messages]; say("queue_message." + name, all.length); return target.sendBatch(all, ...args); },
});
const points = (target) => ({ writeDataPoint: (point) => { say("data_point"); target.writeDataPoint(point); } });
const counted = (env) => Object.fromEntries(Object.entries(env).map(([name, binding]) => {
  if (typeof binding !== "object" || binding === null) return [name, binding];
  // Asked for any method, a service says that it has it: it has to be told from the others first.
  if (binding.constructor.name === "Fetcher") return [name, name === "ASSETS" ? binding : saying(binding, name)];
  if (name === "DB") return [name, database(binding)];
  if (typeof binding.idFromName === "function") return [name, objects(binding, name)];
  if (typeof binding.sendBatch === "function") return [name, queue(binding, name)];
  if (typeof binding.writeDataPoint === "function") return [name, points(binding)];
  return [name, binding];
}));
const watchStorage = (ctx, name) => {
  const { sql } = ctx.storage;
  const exec = sql.exec.bind(sql);
  sql.exec = (...args) => {
    const cursor = exec(...args);
    const toArray = cursor.toArray.bind(cursor);
    cursor.toArray = () => { const rows = toArray(); say(name + ".rows_written", cursor.rowsWritten); say(name + ".rows_read", cursor.rowsRead); return rows; };
    return cursor;
  };
  const setAlarm = ctx.storage.setAlarm.bind(ctx.storage);
  ctx.storage.setAlarm = (...args) => { say(name + ".alarm_set"); return setAlarm(...args); };
  return ctx;
};
const kept = new WeakMap();
const countedOnce = (env) => { if (!kept.has(env)) kept.set(env, counted(env)); return kept.get(env); };
`;

/** A Worker's options with its script put behind one that counts what it uses. */
export function countedWorker(worker: WorkerName, options: WorkerOptions): WorkerOptions {
  const { script, ...rest } = options;
  const { isClass, objects } = CLASSES[worker];
  const main = isClass
    ? `export default class extends inner.default { constructor(ctx, env) { super(ctx, countedOnce(env)); } }`
    : `const handlers = inner.default;
       export default Object.fromEntries(Object.entries(handlers).map(([name, handle]) =>
         [name, (event, env, ctx) => handle.call(handlers, event, countedOnce(env), ctx)]));`;
  const classes = objects.map(
    (name) =>
      `export class ${name} extends inner.${name} { constructor(ctx, env) { super(watchStorage(ctx, ${JSON.stringify(name)}), countedOnce(env)); } }`,
  );
  const contents = [
    `import * as inner from "./inner.js";`,
    `export * from "./inner.js";`,
    `const WORKER = ${JSON.stringify(worker)};`,
    COUNTING,
    ...classes,
    main,
  ].join("\n");
  return {
    ...rest,
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/main.js", contents },
      { type: "ESModule", path: "/inner.js", contents: script },
    ],
  };
}
