import { describe, expect, it } from 'vitest';
import type { TracedField, Translation } from '../../src/admin/api-schema.ts';
import { linkFields } from '../../src/admin/dashboard/pages/events/field-links.ts';
import { type JsonLine, jsonLines } from '../../src/admin/dashboard/show/json-lines.ts';

const at = { file: 'm.yaml', line: 1, column: 1 };

function traced(field: string, inputs: readonly string[], sentAs: readonly string[]): TracedField {
  return {
    field,
    at,
    value: '""',
    inputs: inputs.map((path) => ({ path, value: '""' })),
    operators: [],
    tables: [],
    defaulted: false,
    sent_as: sentAs.map((path) => ({ request: 0, path })),
  };
}

function translation(...fields: readonly TracedField[]): Translation {
  return { mapping: 'm', result: 'emitted', reason: null, emissions: [{ emit: 'e', at, when: null, fields }] };
}

function link(
  fields: readonly TracedField[],
  { raw = {}, data = {}, sent = {} }: { raw?: unknown; data?: unknown; sent?: unknown },
) {
  return linkFields({
    translation: translation(...fields),
    isForwarded: false,
    raw: jsonLines(raw, 'raw'),
    data: jsonLines(data, 'data'),
    sent: [jsonLines(sent, 'body')],
  });
}

describe('which fields light up together', () => {
  it('joins what was read, what was made of it and where it was sent, both ways', () => {
    const links = link([traced('id', ['data.room'], ['body.id'])], { data: { room: 'r77' }, sent: { id: 'r77' } });
    const all = new Set(['data.room', 'field 0 0', 'sent 0 body.id']);
    for (const key of all) expect(links.with(key)).toEqual(all);
  });

  it('does not join two inputs that only meet in one field', () => {
    const links = link([traced('id', ['data.a', 'data.b'], ['body.id'])], {
      data: { a: 'x1', b: 'x2' },
      sent: { id: 'x1x2' },
    });
    expect(links.with('data.a')).toEqual(new Set(['data.a', 'field 0 0', 'sent 0 body.id']));
    expect(links.with('sent 0 body.id')).toEqual(new Set(['sent 0 body.id', 'field 0 0', 'data.a', 'data.b']));
  });

  it('joins every member of an object that was taken whole', () => {
    const links = link([traced('user', ['data.user'], ['body.user'])], {
      data: { user: { name: 'n1' } },
      sent: { user: { name: 'n1' } },
    });
    expect(links.with('data.user.name')).toContain('sent 0 body.user.name');
  });

  it('does not take a field for another whose name begins with its own', () => {
    const links = link([traced('id', ['data.id'], [])], { data: { id: 'one', id_2: 'two' } });
    expect(links.isLinked('data.id_2')).toBe(false);
  });

  it.each([
    ['of the same name and value', { payload: { room: 27183290 } }, { room: '27183290' }, 'raw.payload.room'],
    [
      'of another name but the only such value',
      { current_live_id: '1757215994597' },
      { live_id: '1757215994597' },
      'raw.current_live_id',
    ],
    ['the first of the same name', { id: 'u-1', payload: { id: 'u-1' } }, { id: 'u-1' }, 'raw.id'],
  ])('finds the raw field that a normalised one was read from: %s', (_, raw, data, twin) => {
    const [name] = Object.keys(data);
    expect(link([], { raw, data }).with(`data.${name}`)).toContain(twin);
  });

  it.each([
    ['a value that stands there twice', { a: 'same', b: 'same' }, { c: 'same' }],
    ['an empty text', { a: '' }, { a: '' }],
    ['a digit under another name', { a: 1 }, { b: 1 }],
  ])('does not guess from %s', (_, raw, data) => {
    const [name] = Object.keys(data);
    expect(link([], { raw, data }).isLinked(`data.${name}`)).toBe(false);
  });

  it('leads from the raw field through the normalised one to what was sent', () => {
    const links = link([traced('id', ['data.room'], ['body.id'])], {
      raw: { room: 'r77' },
      data: { room: 'r77' },
      sent: { id: 'r77' },
    });
    expect(links.with('raw.room')).toEqual(new Set(['raw.room', 'data.room', 'field 0 0', 'sent 0 body.id']));
  });

  it('joins each field of a body that is handed on with itself', () => {
    const lines: JsonLine[] = jsonLines({ a: { b: 5 } }, 'raw');
    const links = linkFields({
      translation: null,
      isForwarded: true,
      raw: lines,
      data: [],
      sent: [jsonLines({ a: { b: 5 } }, 'body')],
    });
    expect(links.with('sent 0 body.a.b')).toEqual(new Set(['sent 0 body.a.b', 'raw.a.b']));
  });
});
