/** What a mapping may read of the payload as it was received, where a newer sender may write more than is documented. */
import { describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { formats } from '../../src/formats/index.ts';
import { sampleRequest } from '../../src/formats/sample.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import { parseJson, stringifyJson } from '../../src/kit/json.ts';
import type { Sample } from '../../src/model/format.ts';
import { unsavedScope } from '../../src/plan/unsaved-scope.ts';
import { compileLogic } from '../../src/route/filter.ts';
import { loadMappings } from '../../src/translate/load.ts';

function load(expression: string) {
  const others = Object.keys(bsr.events).filter((type) => type !== 'clip.generated');
  const drops = others.map((type) => `  ${type}: { drop: nothing }\n`).join('');
  const text = `from: bsr\nto: json\ntranslate:\n${drops}  clip.generated: { body: { a: "\${${expression}}" } }\n`;
  return loadMappings({
    ...{ files: [{ path: 'one.yaml', text }], readTable: () => undefined },
    ...{ formats, scopeSchema, compileLogic },
  });
}

const told = (expression: string): string[] =>
  load(expression).problems.map(({ code, message, try: advice }) => `${code} ${message} Try: ${advice}`);

describe('a field that nobody documents', () => {
  it.each(['raw.payload.next_year?', 'raw.payload.next_year.sub? ', 'raw.next_year | default 1'])(
    'may be read: %s',
    (expression) => expect(told(expression)).toEqual([]),
  );

  it('is there for a newer sender, and left out for another', () => {
    const mapping = load('raw.payload.next_year.sub?').mappings.get('one');
    const sample = bsr.events['clip.generated']?.samples[0] as Sample;
    const parsed = parseJson(sample.body ?? '');
    const { payload, ...rest } = (parsed.ok ? parsed.value : {}) as { readonly payload: object };
    const bodyOf = (more: object) => {
      const body = stringifyJson({ ...rest, payload: { ...payload, ...more } });
      const request = sampleRequest({ ...sample, body }, 0);
      const reading = bsr.read(request, {});
      if (reading.kind !== 'event') throw new Error(reading.kind);
      const result = mapping?.translate(
        unsavedScope({ source: 'b', format: 'bsr', event: reading.event, request, params: {} }),
      );
      return result?.kind === 'emitted' ? result.events[0]?.data.body : result;
    };
    expect(bodyOf({ next_year: { sub: 5 } })).toEqual({ a: 5 });
    expect(bodyOf({})).toEqual({});
  });

  it('has to be handled where it is missing', () => {
    expect(told('raw.payload.next_year')).toEqual([expect.stringContaining('MAPPING_OPTIONAL_VALUE')]);
  });

  it('is told where it looks like a slip of the pen', () => {
    expect(told('raw.payload.lenght?')).toEqual([
      'MAPPING_UNKNOWN_PATH raw.payload.lenght is in no documentation of this event Try: did you mean raw.payload.length? ' +
        'or raw.payload["lenght"], where the sender does write it',
    ]);
    expect(told('raw.file?')).toEqual([
      'MAPPING_UNKNOWN_PATH raw.file is in no documentation of this event Try: did you mean raw.payload.file? ' +
        'or raw["file"], where the sender does write it',
    ]);
  });

  it('is let through where it stands in quotes', () => {
    expect(told("raw.payload['lenght']?")).toEqual([]);
    expect(told("raw['file']?")).toEqual([]);
  });

  it('is no field of a value that has none', () => {
    expect(told('raw.payload.file.name?')).toEqual([expect.stringContaining('is not there in this event')]);
  });

  it('is still none of the normalised data', () => {
    expect(told('data.next_year?')).toEqual([expect.stringContaining('data.next_year is not there in this event')]);
  });
});
