/** The parts of an OpenAPI document that the walk reads. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface RawOperation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly "x-audit-action"?: string;
  readonly security: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** One operation, ready to be called. */
export interface Operation {
  /** Such as `GET /v1/requests/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly secured: boolean;
  readonly inference: boolean;
  readonly admin: boolean;
  /** What the audit log calls a change that is made outside auth. */
  readonly auditAction: string | null;
  /** Names of the path's parameters. */
  readonly parameters: readonly string[];
  /** Media type, documented fields and an example of the body, null where there is none. */
  readonly body: { readonly mediaType: string; readonly fields: readonly string[]; readonly example: unknown } | null;
}

/** Every operation of a document. A route that is added appears here without anyone remembering. */
export function operationsOf(document: Document): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      secured: operation.security.length > 0,
      inference: operation.tags?.includes("Inference") ?? false,
      admin: path.startsWith("/v1/admin/"),
      auditAction: operation["x-audit-action"] ?? null,
      parameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
      body: bodyOf(operation, document),
    })),
  );
}

function bodyOf(operation: RawOperation, document: Document): Operation["body"] {
  const [content] = Object.entries(operation.requestBody?.content ?? {});
  if (content === undefined) return null;
  const [mediaType, { schema }] = content;
  return { mediaType, fields: fieldsOf(schema, document), example: exampleOf(schema, document) };
}

function fieldsOf(schema: Schema, document: Document): readonly string[] {
  const name = schema.$ref?.replace("#/components/schemas/", "");
  const described = name === undefined ? schema : (document.components.schemas[name] ?? {});
  return Object.keys(described.properties ?? {});
}

/** A value that a schema allows: its example where it has one, else the required fields and no more. */
export function exampleOf(schema: Schema, document: Document): unknown {
  const given = schema.example ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/components/schemas/", "");
    return exampleOf(document.components.schemas[name] ?? {}, document);
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives?.[0] !== undefined) return exampleOf(alternatives[0], document);
  if (schema.allOf !== undefined) {
    return Object.assign({}, ...schema.allOf.map((part) => exampleOf(part, document)));
  }
  return exampleOfType(schema, document);
}

function exampleOfType(schema: Schema, document: Document): unknown {
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((name) => name !== "null");
  switch (type) {
    case "object": {
      const properties = Object.entries(schema.properties ?? {});
      const required = properties.filter(([name]) => schema.required?.includes(name));
      return Object.fromEntries(required.map(([name, property]) => [name, exampleOf(property, document)]));
    }
    case "array":
      return [];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    case "string":
      return schema.format === "date-time" ? "2030-01-01T00:00:00.000Z" : "example";
    case undefined:
    default:
      return null;
  }
}
