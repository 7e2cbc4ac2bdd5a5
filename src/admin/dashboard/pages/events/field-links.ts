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

export function linkFields(input: FieldLinksInput): FieldLinks {
  const joined = new Map<string, Set<string>>();
  for (const group of [...groupsOfFields(input), ...groupsOfForwarded(input)]) {
    for (const key of group) joined.set(key, new Set([...(joined.get(key) ?? []), ...group]));
  }
  for (const [rawKey, dataKey] of sameValues(input.raw, input.data)) {
    const known = joined.get(dataKey) ?? new Set([dataKey]);
    joined.set(rawKey, new Set([...(joined.get(rawKey) ?? []), rawKey, ...known]));
    joined.set(dataKey, new Set([...known, rawKey]));
    for (const key of known) if (key !== dataKey) joined.set(key, new Set([...(joined.get(key) ?? []), rawKey]));
  }
  return { with: (key) => joined.get(key) ?? new Set([key]), isLinked: (key) => joined.has(key) };
}

/** One group for each field of the translation: what it read, itself, and where it stands in the requests. */
function groupsOfFields({ translation, raw, data, sent }: FieldLinksInput): string[][] {
  const came = [...raw, ...data];
  return (translation?.emissions ?? []).flatMap(({ fields }, emission) =>
    fields.map(({ inputs, sent_as }, index) => {
      const read = inputs.flatMap(({ path }) => {
        const within = linesWithin(came, path).map((line) => line.path);
        return within.length > 0 ? within : [path];
      });
      const stands = sent_as.flatMap(({ request, path }) =>
        linesWithin(sent[request] ?? [], path).map((line) => sentKey(request, line.path)),
      );
      return [...read, fieldKey(emission, index), ...stands];
    }),
  );
}

function groupsOfForwarded({ isForwarded, raw, sent }: FieldLinksInput): string[][] {
  if (!isForwarded) return [];
  const known = new Set(sent[0]?.map(({ path }) => path));
  return raw.flatMap(({ path, kind }) => {
    const ends = [`body${path.slice('raw'.length)}`, `query${path.slice('raw'.length)}`].filter((end) =>
      known.has(end),
    );
    return kind === 'leaf' && ends.length > 0 ? [[path, ...ends.map((end) => sentKey(0, end))]] : [];
  });
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
