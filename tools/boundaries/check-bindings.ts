import type { WorkerConfig, WorkerName } from "../workers.ts";
import type { Edges } from "./edges.ts";

const PREFIX = "aggregator-";

/** Edges that a Worker's configuration has and its row of the table has not, in words. Pure. */
export function checkBindings(worker: WorkerName, config: WorkerConfig, allowed: Edges): readonly string[] {
  const found: readonly (readonly [kind: string, names: readonly string[], allowed: readonly string[]])[] = [
    ["calls", config.services.map(({ service }) => withoutPrefix(service)), allowed.calls],
    [
      "reaches the object",
      config.durable_objects.bindings.flatMap(({ class_name, script_name }) =>
        script_name === undefined ? [] : [`${withoutPrefix(script_name)}/${class_name}`],
      ),
      allowed.objects,
    ],
    ["sends to the queue", config.queues.producers.map(({ queue }) => queue), allowed.sendsTo],
    ["consumes the queue", config.queues.consumers.map(({ queue }) => queue), allowed.consumes],
  ];
  return found.flatMap(([kind, names, list]) =>
    names
      .filter((name) => !list.includes(name))
      .map((name) => `${worker} ${kind} ${name}, which tools/boundaries/edges.ts does not allow`),
  );
}

function withoutPrefix(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}
