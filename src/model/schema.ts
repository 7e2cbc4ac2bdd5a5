/** The part of JSON Schema in which formats describe their data: what validation, the mapping checker, docs and pages read. */
export interface Schema {
  readonly type?: SchemaType | readonly SchemaType[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  /** `date-time`, `uri`, `uuid`: for readers; it does not refuse. */
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly examples?: readonly unknown[];
}
export type SchemaType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/**
 * The schema of the field that a path leads to: `room_info.room_id`, `recordUrl[0]`, `recordUrl.0`. A schema that allows anything
 * ({}), or an object with `additionalProperties`, leads anywhere. `optional` is true where any step may be missing or null.
 * Undefined where no value of the schema can have such a path.
 */
export function fieldAt(
  schema: Schema,
  path: readonly string[],
): { readonly schema: Schema; readonly optional: boolean } | undefined {
  let here = schema;
  let optional = false;
  for (const step of path) {
    const next = stepInto(here, step);
    if (!next) return undefined;
    optional ||= next.optional;
    here = next.schema;
  }
  return { schema: here, optional };
}

/** The names of the fields that an object schema knows, of all its alternatives. */
export function fieldNames(schema: Schema): string[] {
  const own = Object.keys(schema.properties ?? {});
  return [...new Set([...own, ...(schema.anyOf ?? []).flatMap(fieldNames)])];
}

/**
 * Where a path leaves what is documented, although the schema allows other fields there: the index of the step. Undefined where it
 * is documented to its end, or leads through values of which nothing is.
 */
export function leavesDocumented(schema: Schema, path: readonly string[]): number | undefined {
  for (const [index, step] of path.entries()) {
    const here = fieldAt(schema, path.slice(0, index))?.schema;
    const names = here ? fieldNames(here) : [];
    if (names.length === 0) return undefined;
    if (!names.includes(step)) return index;
  }
  return undefined;
}

/** The way to a documented field of this name somewhere below the schema; the shortest one. */
export function fieldBelow(schema: Schema, name: string): readonly string[] | undefined {
  let open: { readonly path: readonly string[]; readonly here: Schema }[] = [{ path: [], here: schema }];
  while (open.length > 0) {
    const found = open.find(({ here }) => fieldNames(here).includes(name));
    if (found) return [...found.path, name];
    open = open.flatMap(({ path, here }) =>
      fieldNames(here).flatMap((step) => {
        const field = fieldAt(here, [step]);
        return field ? [{ path: [...path, step], here: field.schema }] : [];
      }),
    );
  }
  return undefined;
}

/** The types that a value of the schema may have; undefined where it may have any. */
export function typesOf(schema: Schema): readonly SchemaType[] | undefined {
  if (schema.anyOf) {
    const all = schema.anyOf.map(typesOf);
    return all.some((types) => types === undefined) ? undefined : [...new Set(all.flatMap((types) => types ?? []))];
  }
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type;
  if (schema.const !== undefined) return [typeOfValue(schema.const)];
  if (schema.enum) return [...new Set(schema.enum.map(typeOfValue))];
  if (schema.properties) return ['object'];
  return schema.items ? ['array'] : undefined;
}

function stepInto(schema: Schema, step: string): { readonly schema: Schema; readonly optional: boolean } | undefined {
  if (schema.anyOf) {
    const found = schema.anyOf.map((one) => stepInto(one, step));
    const known = found.filter((one) => one !== undefined);
    if (known.length === 0) return undefined;
    const schemas = known.map((one) => one.schema);
    const optional = known.length < found.length || known.some((one) => one.optional);
    return { schema: schemas.length === 1 ? (schemas[0] as Schema) : { anyOf: schemas }, optional };
  }
  const types = typesOf(schema);
  if (types === undefined) return { schema: {}, optional: true };
  const mayBeOther = types.some((type) => type !== 'object' && type !== 'array');
  if (types.includes('array') && /^\d+$/.test(step)) return { schema: schema.items ?? {}, optional: true };
  if (!types.includes('object')) return undefined;
  const property = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
  if (property) {
    const optional = mayBeOther || !schema.required?.includes(step) || (typesOf(property)?.includes('null') ?? false);
    return { schema: property, optional };
  }
  const additional = schema.additionalProperties ?? schema.properties === undefined;
  if (additional === false) return undefined;
  return { schema: additional === true ? {} : additional, optional: true };
}

function typeOfValue(value: unknown): SchemaType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'integer';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    default:
      return 'object';
  }
}
