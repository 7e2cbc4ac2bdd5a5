/** The OpenAPI 3.1 document of the admin API, made of the same schemas that check its requests and type its answers. */
import type { TSchema } from 'typebox';
import { OPERATIONS, type Operation } from './api-schema.ts';
import { errorAnswer } from './schema/parts.ts';

type Node = Readonly<Record<string, unknown>>;

/** Every request may be answered so: `421` is a host name that is not allowed. */
const ERRORS: Readonly<Record<number, string>> = {
  400: 'The request is wrong',
  401: 'The admin token is missing or wrong',
  403: 'The request comes from another site',
  404: 'There is no such thing',
  409: 'There is one already',
  413: 'The body is too large',
  415: 'The body is no JSON',
  421: 'The host name is not in admin.allowed_hosts',
  422: 'What was asked for cannot be done with it',
  503: 'The store cannot answer now',
};

export function openApi(version: string): Node {
  const schemas: Record<string, unknown> = {};
  const refer = createReferrer(schemas);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(id, operation, refer) };
  }
  refer(errorAnswer);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dragoman admin API',
      version,
      description:
        'Times are ISO 8601 UTC. Whole numbers in payloads may lie beyond 2^53. Secrets are `***` wherever they would stand.',
    },
    security: [{}, { token: [] }, { password: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The configured admin.token.' },
        password: { type: 'http', scheme: 'basic', description: 'Any name, with the token as the password.' },
      },
    },
  };
}

function described(id: string, operation: Operation, refer: (schema: TSchema) => unknown): Node {
  const { summary, query, body, answer, path, errors = [] } = operation;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const statuses = [...new Set([400, 401, 403, 421, 503, ...(body ? [413, 415] : []), ...errors])].toSorted();
  const failures = statuses.map((status) => [
    String(status),
    {
      description: ERRORS[status] ?? '',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ]);
  return {
    operationId: id,
    summary,
    parameters: [...inPath, ...queryParameters(query, refer)],
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: refer(body) } } } }),
    responses: { ...good(operation, answer, refer), ...Object.fromEntries(failures) },
  };
}

function good(operation: Operation, schema: TSchema | undefined, refer: (schema: TSchema) => unknown): Node {
  if (schema) return { '200': { description: 'Good', content: { 'application/json': { schema: refer(schema) } } } };
  if (operation.method === 'delete') return { '204': { description: 'Done' } };
  return { '200': { description: 'A stream', content: { 'text/event-stream': { schema: { type: 'string' } } } } };
}

function queryParameters(query: TSchema | undefined, refer: (schema: TSchema) => unknown): Node[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: Readonly<Record<string, TSchema>>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = refer(schema) as { description?: string };
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description && { description }),
      schema: rest,
    };
  });
}

/** Gives the plain JSON Schema of a schema; what has a title is put among the components and referred to. */
function createReferrer(schemas: Record<string, unknown>): (schema: TSchema) => unknown {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, name === 'properties' ? membersOf(inner) : visit(inner)]),
    );
  };
  const membersOf = (members: unknown): unknown =>
    Object.fromEntries(Object.entries(members as object).map(([name, inner]) => [name, visit(inner)]));
  const visit = (value: unknown): unknown => {
    const title = (value as { title?: unknown } | null)?.title;
    if (typeof title !== 'string') return plain(value);
    if (!Object.hasOwn(schemas, title)) {
      schemas[title] = {};
      schemas[title] = plain(value);
    }
    return { $ref: `#/components/schemas/${title}` };
  };
  return visit;
}
