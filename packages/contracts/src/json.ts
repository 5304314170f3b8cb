export type JsonScalar = string | number | boolean | null;
/** A free-form field of a view. Not recursive: the RPC types cannot instantiate a recursive one, and `unknown` does not pass them. */
export type JsonObject = Readonly<
  Record<string, JsonScalar | readonly string[] | Readonly<Record<string, JsonScalar>>>
>;
