/** Reads a request of the admin API: its query and its JSON body, held against the operation's schemas. */
import type { TSchema } from 'typebox';
import SchemaCheck from 'typebox/schema';
import { parseJson } from '../kit/json.ts';
import type { Operation } from './api-schema.ts';
import type { Refused } from './reply.ts';
import { refuse } from './reply.ts';
import type { FieldProblem } from './schema/parts.ts';

/** A mapping and an event to try it with fit in. */
const MOST_BYTES = 4 * 2 ** 20;
const MOST_PROBLEMS = 20;

export interface ApiInput {
  readonly query: Readonly<Record<string, unknown>>;
  /** Undefined where the operation takes none. */
  readonly body: unknown;
}

type Checked = { readonly kind: 'input'; readonly input: ApiInput } | Refused;

/** How requests of an operation are checked; its schemas are compiled for the first of them. */
export function createRequestReader(operation: Operation) {
  const queryOf = operation.query && checker(operation.query);
  const bodyOf = operation.body && checker(operation.body);
  return (given: {
    readonly search: URLSearchParams;
    readonly contentType: string;
    readonly body: Uint8Array | undefined;
  }): Checked => {
    const query = typedQuery(operation.query, given.search);
    const queryProblems = queryOf?.(query) ?? [];
    if (queryProblems.length > 0) return invalid('the query', queryProblems);
    if (!bodyOf) return { kind: 'input', input: { query, body: undefined } };
    if (given.body === undefined)
      return refuse(413, 'BODY_TOO_LARGE', `the body is larger than ${MOST_BYTES / 2 ** 20} MiB`);
    if (!/^application\/json\s*(;|$)/i.test(given.contentType))
      return refuse(415, 'CONTENT_TYPE_UNSUPPORTED', 'the body must be application/json');
    const parsed = parseJson(given.body);
    if (!parsed.ok) return refuse(400, parsed.code, parsed.message);
    const problems = bodyOf(parsed.value);
    if (problems.length > 0) return invalid('the body', problems);
    return { kind: 'input', input: { query, body: parsed.value } };
  };
}

/** The bytes of a body; undefined where there are too many. */
export async function readBytes(request: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(chunks);
}

function invalid(what: string, problems: readonly FieldProblem[]): Refused {
  const [first] = problems;
  const message = `${what} is wrong: ${first?.path ? `${first.path} ` : ''}${first?.message ?? ''}`;
  return { kind: 'refused', status: 400, code: 'REQUEST_INVALID', message, problems };
}

/** What the schema says is a number, is read as one; of a repeated name the first counts. */
function typedQuery(schema: TSchema | undefined, search: URLSearchParams): Record<string, unknown> {
  const known = (schema as { properties?: Record<string, { type?: string }> } | undefined)?.properties ?? {};
  const query: Record<string, unknown> = {};
  for (const [name, { type }] of Object.entries(known)) {
    const value = search.get(name);
    if (value === null || value === '') continue;
    query[name] = type === 'integer' && /^-?\d+$/.test(value) ? Number(value) : value;
  }
  return query;
}

function checker(schema: TSchema): (value: unknown) => readonly FieldProblem[] {
  const compile = () => SchemaCheck.Compile(schema as Parameters<typeof SchemaCheck.Compile>[0]);
  let check: ReturnType<typeof compile> | undefined;
  return (value) => {
    check ??= compile();
    if (check.Check(value)) return [];
    const [, errors] = check.Errors(value);
    const problems = new Map<string, FieldProblem>();
    for (const error of errors) {
      if (error.keyword === 'additionalProperties') continue;
      const path = error.instancePath.slice(1).replaceAll('/', '.');
      const message = messageOf(error);
      // each form that a value may have says so
      problems.set(`${path} ${message}`, { path, message });
    }
    return [...problems.values()].slice(0, MOST_PROBLEMS);
  };
}

type CheckError = ReturnType<ReturnType<typeof SchemaCheck.Compile>['Errors']>[1][number];

function messageOf(error: CheckError): string {
  switch (error.keyword) {
    case 'boolean':
      return 'is not known here';
    case 'enum':
      return `must be one of ${error.params.allowedValues.map(String).join(', ')}`;
    default:
      return error.message;
  }
}
