/** Which fields of what came, of the translation, and of what was sent belong together, and so light up together. */
import type { Translation } from '../../../api-schema.ts';
import type { JsonLine } from '../../show/json-lines.ts';

/** Keys of lines: `raw.payload.id` and `data.room_id` of what came, `field 0 2` of the translation, `sent 0 body.url` of a request. */
export interface FieldLinks {
  /** What lights up with a line: itself and what it is joined to; only itself where it is joined to nothing. */
  with(key: string): ReadonlySet<string>;
  isLinked(key: string): boolean;
}

export interface FieldLinksInput {
  readonly translation: Translation | null;
  /** True where the body is handed on as it is: every field comes from the same one. */
  readonly isForwarded: boolean;
  readonly raw: readonly JsonLine[];
  readonly data: readonly JsonLine[];
  readonly sent: readonly (readonly JsonLine[])[];
}

export function fieldKey(emission: number, field: number): string {
  return `field ${emission} ${field}`;
}

export function sentKey(request: number, path: string): string {
  return `sent ${request} ${path}`;
}

export function linkFields({ translation, isForwarded, raw, data, sent }: FieldLinksInput): FieldLinks {
  const joined = new Map<string, Set<string>>();
  const join = (one: string, other: string): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      joined.set(from, (joined.get(from) ?? new Set([from])).add(to));
  };
  for (const { read, made, stands } of fieldsOf(translation, [...raw, ...data], sent)) {
    for (const input of read) for (const key of [made, ...stands]) join(input, key);
    for (const key of stands) join(made, key);
  }
  if (isForwarded) for (const [from, to] of handedOn(raw, sent[0] ?? [])) join(from, to);
  for (const [rawKey, dataKey] of sameValues(raw, data)) {
    for (const key of joined.get(dataKey) ?? []) if (key !== dataKey) join(rawKey, key);
    join(rawKey, dataKey);
  }
  return { with: (key) => joined.get(key) ?? new Set([key]), isLinked: (key) => joined.has(key) };
}

interface JoinedField {
  /** Keys of what it read. */
  readonly read: readonly string[];
  readonly made: string;
  /** Keys of where it stands in the requests. */
  readonly stands: readonly string[];
}

function fieldsOf(
  translation: Translation | null,
  came: readonly JsonLine[],
  sent: readonly (readonly JsonLine[])[],
): JoinedField[] {
  return (translation?.emissions ?? []).flatMap(({ fields }, emission) =>
    fields.map(({ inputs, sent_as }, index) => ({
      read: inputs.flatMap(({ path }) => linesWithin(came, path).map((line) => line.path)),
      made: fieldKey(emission, index),
      stands: sent_as.flatMap(({ request, path }) =>
        linesWithin(sent[request] ?? [], path).map((line) => sentKey(request, line.path)),
      ),
    })),
  );
}

/** Where a body or a query is handed on as it is, every field comes from the same one. */
function handedOn(raw: readonly JsonLine[], sent: readonly JsonLine[]): [from: string, to: string][] {
  const known = new Set(sent.map(({ path }) => path));
  return raw
    .filter(({ kind }) => kind === 'leaf')
    .flatMap(({ path }) =>
      [`body${path.slice('raw'.length)}`, `query${path.slice('raw'.length)}`]
        .filter((end) => known.has(end))
        .map((end): [string, string] => [path, sentKey(0, end)]),
    );
}

/** The lines of a value: its own, and those of its members. */
function linesWithin(lines: readonly JsonLine[], path: string): JsonLine[] {
  return lines.filter(
    (line) =>
      line.kind !== 'close' &&
      (line.path === path || line.path.startsWith(`${path}.`) || line.path.startsWith(`${path}[`)),
  );
}

/**
 * A normalised field and the raw field that it was read from, told by their value: the one of the same name, else the only one with
 * that value. What formats convert (units, times) has no such twin.
 */
function sameValues(raw: readonly JsonLine[], data: readonly JsonLine[]): [raw: string, data: string][] {
  const byValue = Map.groupBy(raw.filter(isTelling), ({ text }) => plain(text));
  return data.filter(isTelling).flatMap((line) => {
    const twins = byValue.get(plain(line.text)) ?? [];
    const named = twins.filter(({ name }) => name !== null && name === line.name);
    const twin = named[0] ?? (twins.length === 1 && plain(line.text).length > 2 ? twins[0] : undefined);
    return twin ? [[twin.path, line.path]] : [];
  });
}

function isTelling({ kind, text }: JsonLine): boolean {
  return kind === 'leaf' && !['""', 'null', '[]', '{}'].includes(text);
}

/** `"26966466"` and `26966466` are one room. */
function plain(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}
