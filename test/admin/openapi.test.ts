import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../src/admin/api-schema.ts';
import { openApi } from '../../src/admin/openapi.ts';

const document = JSON.parse(JSON.stringify(openApi('1.0.0')));

function* nodes(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* nodes(inner);
}

describe('the OpenAPI document', () => {
  it('has every operation of the contract under its path, method and id', () => {
    for (const [id, { method, path, summary }] of Object.entries(OPERATIONS)) {
      expect(document.paths[path][method]).toMatchObject({ operationId: id, summary });
    }
  });

  it('refers only to schemas that it has, and uses every one', () => {
    const refs = new Set([...nodes(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : [])));
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...refs].toSorted()).toEqual(known.toSorted());
  });

  it('declares each variable of a path as a parameter', () => {
    for (const [path, operations] of Object.entries<Record<string, { parameters: { name: string; in: string }[] }>>(
      document.paths,
    )) {
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(operations)) {
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(variables);
      }
    }
  });

  it('says of every operation what it answers, and that errors have one form', () => {
    for (const operations of Object.values<Record<string, { responses: Record<string, unknown> }>>(document.paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
        expect(responses['401']).toMatchObject({
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        });
      }
    }
  });
});
