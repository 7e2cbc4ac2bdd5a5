/** Checks what sources and targets have in common: that their format is known, and their options as that format has them. */
import type { YamlEntry } from '../../kit/yaml.ts';
import type { Format, FormatOptions } from '../../model/format.ts';
import { source as sourceShape } from '../keys/source.ts';
import { target as targetShape } from '../keys/target.ts';
import { missingOptions, readOptions } from '../options.ts';
import type { SettingsDraft } from '../settings.ts';
import { type Spot, unknownKey } from '../shape.ts';
import { type Checking, unknownName } from './report.ts';

type Side = 'source' | 'target';
type Named = NonNullable<NonNullable<SettingsDraft['sources' | 'targets']>[number]>;

const SIDES = {
  source: { keys: Object.keys(sourceShape.keys ?? {}), schema: (format: Format) => format.sourceOptions },
  target: { keys: Object.keys(targetShape.keys ?? {}), schema: (format: Format) => format.targetOptions },
};

/** The options of a source or target, read by the rules of its format; none where there is a problem with the format itself. */
export function checkFormat(side: Side, { name, at, value }: Named, { formats, reader }: Checking): FormatOptions {
  const rest = (value?.rest ?? []).filter((entry) => entry !== undefined);
  const spot = { name: `${side}s.${name}`, reader };
  const key = value?.format;
  const format = formats.get(key?.value ?? '');
  if (key?.value !== undefined && key.at && !format) {
    const who = `${side} "${name}" has format`;
    const unknown = { code: 'CONFIG_UNKNOWN_FORMAT', who, what: 'format', known: [...formats.keys()] };
    unknownName({ value: key.value, at: key.at }, reader, unknown);
  }
  if (!format || !at) {
    checkAnyFormat(side, rest, { spot, formats });
    return {};
  }
  const schema = SIDES[side].schema(format);
  for (const missing of missingOptions(rest, schema)) {
    const message = `${spot.name} has no "${missing}", which format ${format.name} requires`;
    reader.problem({ at, code: 'CONFIG_MISSING_KEY', message, try: `${missing}: …` });
  }
  return readOptions({ rest, schema, commonKeys: SIDES[side].keys }, spot);
}

/** Where the format is not known: keys that none of them has. */
function checkAnyFormat(
  side: Side,
  rest: readonly YamlEntry[],
  { spot, formats }: { readonly spot: Spot; readonly formats: Checking['formats'] },
): void {
  const schemas = [...formats.values()].map((format) => SIDES[side].schema(format));
  if (schemas.some((schema) => schema?.additionalProperties)) return;
  const options = schemas.flatMap((schema) => Object.keys(schema?.properties ?? {}));
  const known = [...new Set([...SIDES[side].keys, ...options])];
  for (const entry of rest) if (!known.includes(entry.key)) unknownKey(entry, known, spot);
}
