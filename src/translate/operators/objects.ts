/** Operators on objects. Only own fields are seen. */

import type { Schema } from '../../model/schema.ts';
import { ownField } from '../expression/path.ts';
import { describe, spend, spendItems, ValueError } from '../run.ts';
import { textOf } from './convert.ts';
import { itemsAre } from './expectations.ts';
import { asList } from './lists.ts';
import { ANYTHING, anyOf, BOOLEAN, OBJECT, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Objects';
const object = { family, takes: ['object'] } as const;

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ValueError(`it takes an object, and this is ${describe(value)}`);
}

/** A field by this name would not be a field. */
function fieldName(value: unknown): string {
  const name = textOf(value);
  if (name === '__proto__') throw new ValueError('__proto__ cannot be a field’s name');
  return name;
}

function valuesSchema(input: Schema): Schema {
  const known = Object.values(input.properties ?? {});
  if (input.additionalProperties === false && known.length > 0) return anyOf(known);
  return typeof input.additionalProperties === 'object' && known.length === 0 ? input.additionalProperties : ANYTHING;
}

/** The fields that stay, where the names are known at load. */
function narrowed(input: Schema, keep: (name: string) => boolean): Schema {
  if (!input.properties) return OBJECT;
  const properties = Object.fromEntries(Object.entries(input.properties).filter(([name]) => keep(name)));
  const required = (input.required ?? []).filter(keep);
  return { ...input, properties, required };
}

function constants(args: readonly Schema[]): readonly string[] | undefined {
  const names = args.map((arg) => arg.const);
  return names.every((name) => typeof name === 'string') ? (names as string[]) : undefined;
}

export const objectOperators: readonly Operator[] = [
  {
    ...object,
    name: 'keys',
    summary: 'The names of the fields, as a list.',
    args: [],
    gives: { type: 'array', items: TEXT },
    examples: [{ expression: 'data | keys', data: { a: 1, b: 2 }, output: ['a', 'b'] }],
    apply: (input) => Object.keys(asObject(input)),
  },
  {
    ...object,
    name: 'values',
    summary: 'The values of the fields, as a list.',
    args: [],
    gives: (input) => ({ type: 'array', items: valuesSchema(input) }),
    examples: [{ expression: 'data | values', data: { a: 1, b: 2 }, output: [1, 2] }],
    apply: (input) => Object.values(asObject(input)),
  },
  {
    ...object,
    name: 'pick',
    summary: 'The object with these fields only.',
    args: [textArgument('name', { rest: true })],
    gives(input, args) {
      const names = constants(args);
      return names ? narrowed(input, (name) => names.includes(name)) : OBJECT;
    },
    examples: [{ expression: 'data | pick "a" "c"', data: { a: 1, b: 2, c: 3 }, output: { a: 1, c: 3 } }],
    apply(input, names) {
      const from = asObject(input);
      return Object.fromEntries(
        names.map(fieldName).flatMap((name) => (Object.hasOwn(from, name) ? [[name, from[name]]] : [])),
      );
    },
  },
  {
    ...object,
    name: 'without',
    summary: 'The object without these fields.',
    args: [textArgument('name', { rest: true })],
    gives(input, args) {
      const names = constants(args);
      return names ? narrowed(input, (name) => !names.includes(name)) : OBJECT;
    },
    examples: [{ expression: 'data | without "b"', data: { a: 1, b: 2 }, output: { a: 1 } }],
    apply(input, names) {
      const away = new Set(names);
      return Object.fromEntries(Object.entries(asObject(input)).filter(([name]) => !away.has(name)));
    },
  },
  {
    ...object,
    name: 'merge',
    summary: 'The fields of both objects; of a name in both the argument’s value counts.',
    args: [{ name: 'object', types: ['object'] }],
    gives: OBJECT,
    examples: [
      { expression: 'data.a | merge data.b', data: { a: { x: 1, y: 1 }, b: { y: 2 } }, output: { x: 1, y: 2 } },
    ],
    apply(input, [other], meter) {
      const made = { ...asObject(input), ...asObject(other) };
      spend(meter, Object.keys(made).length);
      return made;
    },
  },
  {
    ...object,
    name: 'has',
    summary: 'True where the object has the field, and it is not null.',
    args: [textArgument('name')],
    gives: BOOLEAN,
    examples: [{ expression: 'data | has "a"', data: { a: 1 }, output: true }],
    apply(input, [name]) {
      const value = ownField(asObject(input), textOf(name));
      return value !== undefined && value !== null;
    },
  },
  {
    ...object,
    name: 'get',
    takes: ['object', 'array'],
    summary:
      'The field by a name that is worked out, or the item at such a place; a missing value where it is not there.',
    args: [{ name: 'name', types: ['string', 'integer'] }],
    gives: (input) => (input.type === 'array' ? (input.items ?? ANYTHING) : valuesSchema(input)),
    mayMiss: true,
    examples: [
      {
        expression: 'data.titles | get data.lang | default "none"',
        data: { titles: { en: 'Hi' }, lang: 'en' },
        output: 'Hi',
      },
    ],
    apply: (input, [name]) => ownField(input, textOf(name)) ?? undefined,
  },
  {
    ...object,
    name: 'set',
    summary: 'The object with one field more, or another value for it.',
    args: [textArgument('name'), { name: 'value', types: ['any'] }],
    gives: OBJECT,
    examples: [{ expression: 'data | set "b" 2', data: { a: 1 }, output: { a: 1, b: 2 } }],
    apply(input, [name, value], meter) {
      const made = { ...asObject(input), [fieldName(name)]: value };
      spend(meter, Object.keys(made).length);
      return made;
    },
  },
  {
    ...object,
    name: 'rename',
    summary: 'The object with a field under another name.',
    args: [textArgument('from'), textArgument('to')],
    gives: OBJECT,
    examples: [{ expression: 'data | rename "a" "b"', data: { a: 1 }, output: { b: 1 } }],
    apply(input, [from, to]) {
      const fields = Object.entries(asObject(input));
      return Object.fromEntries(fields.map(([name, value]) => [name === from ? fieldName(to) : name, value]));
    },
  },
  {
    ...object,
    name: 'entries',
    summary: 'The fields as a list of {key, value}.',
    args: [],
    gives: (input) => ({
      type: 'array',
      items: {
        type: 'object',
        properties: { key: TEXT, value: valuesSchema(input) },
        required: ['key', 'value'],
        additionalProperties: false,
      },
    }),
    examples: [{ expression: 'data | entries', data: { a: 1 }, output: [{ key: 'a', value: 1 }] }],
    apply: (input, _args, meter) => {
      const fields = Object.entries(asObject(input));
      spendItems(meter, fields.length);
      return fields.map(([key, value]) => ({ key, value }));
    },
  },
  {
    family,
    takes: ['array'],
    name: 'from_entries',
    check: itemsAre('object'),
    summary: 'The object that a list of {key, value} describes.',
    args: [],
    gives: OBJECT,
    examples: [{ expression: 'data.list | from_entries', data: { list: [{ key: 'a', value: 1 }] }, output: { a: 1 } }],
    apply(input, _args, meter) {
      spendItems(meter, asList(input).length);
      return Object.fromEntries(
        asList(input).map((item) => {
          const { key, value } = asObject(item);
          if (key === undefined || value === undefined) throw new ValueError('an item has no key or no value');
          return [fieldName(key), value];
        }),
      );
    },
  },
  {
    ...object,
    name: 'map_values',
    summary: 'The object with each value replaced by what the expression makes of it; it reads the value as `it`.',
    args: [{ name: 'expression', types: ['any'], perItem: true }],
    gives: (_input, [value]) => ({ type: 'object', additionalProperties: value ?? ANYTHING }),
    examples: [{ expression: 'data | map_values(it | string)', data: { a: 1 }, output: { a: '1' } }],
    apply(input, [make]) {
      const fields = Object.entries(asObject(input)).map(([name, value]) => [
        name,
        (make as (item: unknown) => unknown)(value),
      ]);
      return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    },
  },
  {
    family,
    takes: ['array'],
    name: 'to_object',
    summary:
      'An object of a list: each item under the text that the expression makes of it; of a repeat the last one counts.',
    args: [{ name: 'expression', types: ['string', 'number', 'boolean'], perItem: true }],
    gives: (input) => ({ type: 'object', additionalProperties: input.items ?? ANYTHING }),
    examples: [
      {
        expression: 'data.rooms | to_object it.id',
        data: { rooms: [{ id: 'a', n: 1 }] },
        output: { a: { id: 'a', n: 1 } },
      },
    ],
    apply(input, [key]) {
      return Object.fromEntries(
        asList(input).map((item) => [fieldName((key as (item: unknown) => unknown)(item) ?? ''), item]),
      );
    },
  },
];
