/** Where a field of emitted data stands in the request that is made of it: found by changing the field and looking what changes. */
import { differences } from '../kit/differences.ts';
import { valueAt } from '../kit/value-at.ts';
import type { EmittedEvent, WrittenRequest } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { printableRequest } from '../plan/printable-request.ts';

export interface Written {
  readonly format: Format;
  readonly options: FormatOptions;
  readonly event: EmittedEvent;
  readonly request: WrittenRequest;
}

type Steps = readonly (string | number)[];

/** Paths in the request (`query.url`, `body.payload.room_id`); empty where none follows the field. Pure. */
export function sentAs({ format, options, event, request }: Written, field: string): readonly string[] {
  const steps = stepsOf(field);
  const value = valueAt(event.data, steps);
  for (const other of alternatives(value)) {
    const changed = format.write({ ...event, data: replaced(event.data, steps, other) as JsonObject }, options);
    if (changed.kind === 'unwritable') continue;
    const found = differences(printableRequest(request), printableRequest(changed.request));
    return [...new Set(found.map(({ path }) => path))];
  }
  return [];
}

/** Values near to one, in the hope that the format takes one of them where it took the first. */
function alternatives(value: unknown): readonly Json[] {
  switch (typeof value) {
    case 'string':
      return textAlternatives(value);
    case 'number':
      return [value + 1];
    case 'bigint':
      return [value + 1n];
    case 'boolean':
      return [!value];
    default:
      return [];
  }
}

function textAlternatives(text: string): readonly string[] {
  const date = /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(Date.parse(text) + 86_400_000) : undefined;
  const later = date && !Number.isNaN(date.getTime()) ? [date.toISOString()] : [];
  const number = /^\d+$/.test(text) ? [String(BigInt(text) + 1n)] : [];
  const digit = text.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (last) => (last === '1' ? '2' : '1'));
  return [...later, ...number, `${text}0`, digit].filter((other) => other !== text);
}

/** `place.name` and `list[0]`, as traces write them. */
function stepsOf(field: string): Steps {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, index]) =>
    index === undefined ? name : Number(index),
  );
}

function replaced(data: unknown, steps: Steps, value: Json): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(data)) return data.map((item, index) => (index === step ? replaced(item, rest, value) : item));
  const object = data as Readonly<Record<string, unknown>>;
  return { ...object, [step]: replaced(object[step], rest, value) };
}
