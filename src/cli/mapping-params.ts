/** Constants for one mapping: `--param key=value`, each of the type that the mapping declares, before those of the configuration. */
import { checkData } from '../formats/check-data.ts';
import { parseJson } from '../kit/json.ts';
import { nearest } from '../kit/problem.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { typesOf } from '../model/schema.ts';
import type { Mapping, MappingParam } from '../translate/mapping.ts';
import { Failure } from './terminal.ts';

/** The given params and, where not given, the configured ones; fails for one that the mapping does not know or cannot take, and for those that are missing. */
export function paramsOf(given: readonly string[], mapping: Mapping, configured: JsonObject): JsonObject {
  const params: Record<string, Json> = { ...configured };
  for (const one of given) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (key === undefined || text === undefined)
      throw new Failure(`--param takes key=value, not "${one}"`, undefined, 2);
    const param = mapping.params.get(key);
    if (!param) throw unknownParam(key, mapping);
    params[key] = parsedParam(text, key, param);
  }
  const missing = [...mapping.params].filter(([name, param]) => param.required && !Object.hasOwn(params, name));
  if (missing.length > 0) throw missingParams(missing, mapping);
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

function missingParams(missing: readonly (readonly [string, MappingParam])[], mapping: Mapping): Failure {
  const lines = missing.map(([name, { about }]) => `${name}: ${about}`);
  const what = lines.length === 1 ? lines[0] : `${lines.length} params\n  ${lines.join('\n  ')}`;
  return new Failure(
    `mapping ${mapping.name} needs ${what}`,
    `${missing.map(([name]) => `--param ${name}=…`).join(' ')}, or params of the configuration`,
  );
}

function unknownParam(key: string, { name, params }: Mapping): Failure {
  const known = [...params.keys()];
  if (known.length === 0) return new Failure(`mapping ${name} has no param "${key}"`, 'leaving it out: it has none');
  return new Failure(`mapping ${name} has no param "${key}"`, nearest(key, known) ?? known.join(', '));
}
