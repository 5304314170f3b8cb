import type { RouteConfig, z } from "@hono/zod-openapi";
import type { ErrorBody } from "../errors/error-body.ts";
import type { ErrorStatus } from "@aggregator/contracts/error-table";

declare const described: unique symbol;

/**
 * A Response whose status and body are known to the type checker. The property exists in types only
 * (it is optional and never set), which is what lets a handler's answer be checked against the schemas
 * that its route documents.
 */
export type Reply<Status extends number, Body> = Response & {
  readonly [described]?: { readonly status: Status; readonly body: Body };
};

export type ErrorReply = Reply<ErrorStatus, ErrorBody>;

type ReadonlyDeep<Value> = Value extends object ? { readonly [Key in keyof Value]: ReadonlyDeep<Value[Key]> } : Value;

type BodyOf<Documented> = Documented extends {
  readonly content: { readonly "application/json": { readonly schema: infer Schema extends z.ZodType } };
}
  ? ReadonlyDeep<z.output<Schema>>
  : null;

/** What a handler of this route may answer: one of the documented answers, or an error where `default` documents one. */
export type ReplyOf<Route extends Pick<RouteConfig, "responses">> =
  | {
      [Status in keyof Route["responses"] & number]: Reply<Status, BodyOf<Route["responses"][Status]>>;
    }[keyof Route["responses"] & number]
  | ("default" extends keyof Route["responses"] ? ErrorReply : never);
