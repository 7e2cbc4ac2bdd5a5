/** Checks a payload or a writer's data against a schema: nothing found costs one compiled check, mistakes are all listed. */
import SchemaCheck from 'typebox/schema';
import { Settings } from 'typebox/system';
import type { FieldProblem } from '../model/event.ts';
import type { Schema } from '../model/schema.ts';

/** More wrong fields than this are not listed: an answer stays small, however long a wrong list is. */
const MOST_PROBLEMS = 200;

/** TypeBox stops at 8 errors by itself; some of its errors say one thing twice, hence the double. */
Settings.Set({ maxErrors: 2 * MOST_PROBLEMS });

type Check = ReturnType<typeof SchemaCheck.Compile>;
const compiled = new WeakMap<Schema, Check>();

/**
 * Every field of `data` that the schema does not allow, with paths as a user would write them (`payload.room_info.room_id`,
 * `recordUrl[2]`); the value itself is called `body`. Empty where all is well. A bigint counts as a whole number; `format` does
 * not refuse. Messages name types and allowed values, never the value that was found.
 */
export function checkData(schema: Schema, data: unknown): FieldProblem[] {
  let check = compiled.get(schema);
  if (!check) {
    check = SchemaCheck.Compile(checkable(schema) as Parameters<typeof SchemaCheck.Compile>[0]);
    compiled.set(schema, check);
  }
  if (check.Check(data)) return [];
  const [, errors] = check.Errors(data);
  return errors.flatMap((error) => problemsOf(error, data)).slice(0, MOST_PROBLEMS);
}

/** The path of a field below another: `a` and `b` make `a.b`; a name that is no plain word is quoted: `a["b c"]`. */
export function joinPath(parent: string, name: string): string {
  if (/^\d+$/.test(name) && parent !== '') return `${parent}[${name}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(name)) return `${parent}[${JSON.stringify(name)}]`;
  return parent === '' ? name : `${parent}.${name}`;
}

/** What a value is, in a word for messages: `a number`, `null`, `a list`. */
export function kindOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'object':
      return 'an object';
    case 'bigint':
      return 'a number';
    case 'number':
      return Number.isInteger(value) ? 'a number' : 'a fraction';
    case 'undefined':
      return 'missing';
    default:
      return `a ${typeof value}`;
  }
}

/** The schema as the checker takes it: whole numbers may be bigints, and `format` is only for readers. */
function checkable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(checkable);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { format: _, description: __, examples: ___, ...rest } = schema as Record<string, unknown>;
  const copy: Record<string, unknown> = { ...rest };
  for (const key of ['items', 'additionalProperties', 'anyOf']) if (key in copy) copy[key] = checkable(copy[key]);
  if (copy.properties) {
    copy.properties = Object.fromEntries(
      Object.entries(copy.properties).map(([name, property]) => [name, checkable(property)]),
    );
  }
  const types = [copy.type ?? []].flat();
  if (types.includes('integer') || types.includes('number')) copy.type = [...types, 'bigint'];
  return copy;
}

type CheckError = ReturnType<Check['Errors']>[1][number];

function problemsOf(error: CheckError, data: unknown): FieldProblem[] {
  if (/\/anyOf\/\d/.test(error.schemaPath)) return []; // said once, by the anyOf itself
  const { path, value } = locate(error.instancePath, data);
  const here = path === '' ? 'body' : path;
  switch (error.keyword) {
    case 'boolean':
      return [{ path: here, message: 'is no known field' }];
    case 'additionalProperties':
      return []; // said with the name by the error of the member itself
    case 'required':
      return error.params.requiredProperties.map((name) => ({ path: joinPath(path, name), message: 'is missing' }));
    case 'type':
      return [{ path: here, message: `must be ${typeWords(error.params.type)}, not ${kindOfValue(value)}` }];
    case 'enum':
      return [{ path: here, message: `must be one of ${error.params.allowedValues.map(String).join(', ')}` }];
    case 'minLength':
      return [{ path: here, message: error.params.limit === 1 ? 'must not be empty' : error.message }];
    default:
      return [{ path: here, message: error.message }];
  }
}

function typeWords(types: string | readonly string[]): string {
  const names = [types].flat().filter((type) => type !== 'bigint');
  const words = names.map((type) => {
    if (type === 'null') return 'null';
    if (type === 'integer') return 'a whole number';
    if (type === 'array') return 'a list';
    return type === 'object' ? 'an object' : `a ${type}`;
  });
  return words.join(' or ');
}

/** Follows a JSON pointer: the path in a user's words, and what stands there. */
function locate(pointer: string, data: unknown): { readonly path: string; readonly value: unknown } {
  let path = '';
  let value = data;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path = joinPath(path, name);
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return { path, value };
}
