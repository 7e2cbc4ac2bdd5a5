/** What a mapping writes out, held against what the target can write: a constant that it refuses would fail for every event. */
import type { Position, Problem } from '../kit/problem.ts';
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import type { Structure } from './structure/structure.ts';

interface Place {
  readonly target: Format;
  /** The event type. */
  readonly type: string;
  /** As a user knows the whole: `data`, `request`. */
  readonly name: string;
  readonly report: (problem: Problem) => void;
}

interface Part {
  readonly path: readonly string[];
  readonly at: Position;
}

/** Reports every part that the target refuses whatever the event is; the target's schema was checked before. */
export function checkWritable(structure: Structure, place: Place): void {
  if (place.target.refuses) checkPart(structure, { path: [], at: structure.at }, place);
}

function checkPart(structure: Structure, part: Part, place: Place): void {
  if (structure.branches) {
    for (const branch of structure.branches) checkPart(branch, { ...part, at: branch.at }, place);
  } else if (structure.fields) {
    refuse(constantOf(structure), undefined, part, place);
    for (const [key, { structure: field }] of structure.fields) {
      checkPart(field, { path: [...part.path, key], at: field.at }, place);
    }
  } else {
    checkSchema(structure.schema, structure.texts, part, place);
  }
}

/** What is known of a piece whose fields are not written here: a `$merge`, a row of a table. */
function checkSchema(schema: Schema, texts: readonly string[] | undefined, part: Part, place: Place): void {
  refuse(schema.const, texts, part, place);
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    checkSchema(property, undefined, { ...part, path: [...part.path, key] }, place);
  }
}

function refuse(value: unknown, texts: readonly string[] | undefined, { path, at }: Part, place: Place): void {
  const { target, type, name, report } = place;
  const refused = target.refuses?.({ type, path, value, texts });
  if (!refused) return;
  report({
    at,
    code: 'MAPPING_FIELD_VALUE',
    message: `${[name, ...path].join('.')} ${refused.message}`,
    try: refused.try,
  });
}

/** The fields of a written object that are sure to be there; undefined for what only the event can tell. */
function constantOf({ fields }: Structure): Readonly<Record<string, unknown>> {
  const sure = [...(fields ?? [])].filter(([, { structure }]) => !structure.omits);
  return Object.fromEntries(sure.map(([key, { structure }]) => [key, structure.schema.const]));
}
