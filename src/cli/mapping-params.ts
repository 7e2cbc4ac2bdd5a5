/** `--param key=value`: constants for one mapping, each of the type that the mapping declares. */
import { checkData } from '../formats/check-data.ts';
import { parseJson } from '../kit/json.ts';
import { nearest } from '../kit/problem.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { typesOf } from '../model/schema.ts';
import type { Mapping, MappingParam } from '../translate/mapping.ts';
import { Failure } from './terminal.ts';

/** The given params; fails for one that the mapping does not know or cannot take, and for one that is missing. */
export function paramsOf(given: readonly string[], mapping: Mapping): JsonObject {
  const params: Record<string, Json> = {};
  for (const one of given) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (key === undefined || text === undefined)
      throw new Failure(`--param takes key=value, not "${one}"`, undefined, 2);
    const param = mapping.params.get(key);
    if (!param) throw unknownParam(key, mapping);
    params[key] = parsedParam(text, key, param);
  }
  const missing = [...mapping.params].find(([name, param]) => param.required && !Object.hasOwn(params, name));
  if (missing)
    throw new Failure(`mapping ${mapping.name} needs ${missing[0]}: ${missing[1].about}`, `--param ${missing[0]}=…`);
  return params;
}

/** Text is taken as it stands: `--param room=0042` keeps its zeros. Anything else is written as JSON. */
function parsedParam(text: string, key: string, { schema, about }: MappingParam): Json {
  const types = typesOf(schema);
  if (types?.includes('string')) return text;
  const parsed = parseJson(text);
  const value = parsed.ok ? (parsed.value as Json) : text;
  const [problem] = checkData(schema, value);
  if (problem) throw new Failure(`${key} ${problem.message}: ${about}`, `--param ${key}=…`);
  return value;
}

function unknownParam(key: string, { name, params }: Mapping): Failure {
  const known = [...params.keys()];
  if (known.length === 0) return new Failure(`mapping ${name} has no param "${key}"`, 'leaving it out: it has none');
  return new Failure(`mapping ${name} has no param "${key}"`, nearest(key, known) ?? known.join(', '));
}
