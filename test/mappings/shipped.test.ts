import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formats } from '../../src/formats/index.ts';
import { stringifyJson } from '../../src/kit/json.ts';
import { formatProblem } from '../../src/kit/problem.ts';
import { loadMappingsFrom } from '../../src/plan/make-plan.ts';
import { mappingFiles } from '../../src/plan/mapping-files.ts';
import { jsonRequest } from '../formats/request.ts';
import { runTestsOf } from './run-tests-of.ts';

const FOLDER = resolve(import.meta.dirname, '../../mappings');
const FORMATS = ['bsr', 'remotemonster', 'sigma', 'streamrec'];
const PAIRS = FORMATS.flatMap((from) => FORMATS.filter((to) => to !== from).map((to) => `${from}-to-${to}`));

const { mappings, problems } = loadMappingsFrom(FOLDER);
const shipped = [...mappings.values()].map((mapping) => {
  const path = resolve(FOLDER, `${mapping.name}.test.yaml`);
  return { name: mapping.name, mapping, tests: { path, text: readFileSync(path, 'utf8') } };
});

interface WrittenTest {
  readonly name: string;
  readonly event: { readonly sample?: string };
}

/** The event types, and for samples `TYPE/SAMPLE`, that a mapping's tests begin with. */
function testedEvents(from: string, text: string): { readonly types: Set<string>; readonly samples: Set<string> } {
  const types = new Set<string>();
  const samples = new Set<string>();
  for (const { event } of parse(text, { intAsBigInt: true }) as WrittenTest[]) {
    if (event.sample !== undefined) {
      const [type = '', sample] = event.sample.split('/');
      types.add(type);
      samples.add(`${type}/${sample ?? formats.get(from)?.events[type]?.samples[0]?.name}`);
    } else {
      const reading = formats.get(from)?.read(jsonRequest(stringifyJson(event)), {});
      if (reading?.kind === 'event') types.add(reading.event.type);
    }
  }
  return { types, samples };
}

describe('the shipped mappings', () => {
  it('load without a problem', () => {
    expect(problems.map(formatProblem)).toEqual([]);
  });

  it('are the twelve pairs of the four formats, and bsr-to-bsr', () => {
    expect(new Set(mappings.keys())).toEqual(new Set([...PAIRS, 'bsr-to-bsr']));
    expect([...mappings.values()].filter(({ name, from, to }) => name !== `${from}-to-${to}`)).toEqual([]);
  });

  it.each(mappingFiles(FOLDER))('%s opens by saying what it is for', (path) => {
    expect(readFileSync(path, 'utf8')).toMatch(/^# \S.{20,}\n/);
  });

  it.each(shipped)('$name passes its tests', ({ mapping, tests }) => {
    const { failures, passed, problems: mistakes } = runTestsOf(mapping, tests);
    expect(mistakes).toEqual([]);
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });

  it.each(shipped)('$name is tested with every event of its source', ({ mapping, tests }) => {
    const { types } = testedEvents(mapping.from, tests.text);
    expect([...types].toSorted()).toEqual(Object.keys(formats.get(mapping.from)?.events ?? {}).toSorted());
  });

  it.each(shipped.filter(({ mapping }) => mapping.from === 'bsr'))(
    '$name is tested with all three generations of BSR',
    ({ tests }) => {
      const { samples } = testedEvents('bsr', tests.text);
      const documented = Object.entries(formats.get('bsr')?.events ?? {}).flatMap(([type, { samples: all }]) =>
        all.map(({ name }) => `${type}/${name}`),
      );
      expect(documented.filter((sample) => !samples.has(sample))).toEqual([]);
    },
  );

  it('translate and drop what the table of translations says', () => {
    const table = Object.fromEntries(
      shipped.map(({ name, mapping }) => [
        name,
        Object.fromEntries(
          [...mapping.entries]
            .filter(([, { emits }]) => emits.length > 0)
            .map(([type, { emits }]) => [type, emits.join(', ')]),
        ),
      ]),
    );
    expect(table).toEqual({
      'bsr-to-bsr': Object.fromEntries(Object.keys(formats.get('bsr')?.events ?? {}).map((type) => [type, type])),
      'bsr-to-remotemonster': {
        'live.started': 'channel.create',
        'live.ended': 'channel.close',
        'record.ended': 'record.done',
        'clip.generated': 'record.done',
      },
      'bsr-to-sigma': {
        'live.started': 'channel_live',
        'live.ended': 'channel_stop',
        'record.ended': 'channel_ended',
        'clip.generated': 'channel_ended',
      },
      'bsr-to-streamrec': {
        'live.ended': 'session_finished',
        'record.ended': 'upload_ready',
        'clip.generated': 'upload_ready',
      },
      'remotemonster-to-bsr': {
        'channel.create': 'live.started',
        'channel.close': 'live.ended',
        'record.done': 'clip.generated',
      },
      'remotemonster-to-sigma': {
        'channel.create': 'channel_live',
        'channel.close': 'channel_ended',
        'record.done': 'channel_ended',
      },
      'remotemonster-to-streamrec': { 'channel.close': 'session_finished', 'record.done': 'upload_ready' },
      'sigma-to-bsr': { channel_live: 'live.started', channel_ended: 'live.ended, clip.generated' },
      'sigma-to-remotemonster': {
        channel_live: 'channel.create',
        channel_ended: 'channel.close, record.done, record.done',
      },
      'sigma-to-streamrec': { channel_ended: 'session_finished, upload_ready' },
      'streamrec-to-bsr': { upload_ready: 'clip.generated', session_finished: 'live.ended' },
      'streamrec-to-remotemonster': { upload_ready: 'record.done', session_finished: 'channel.close' },
      'streamrec-to-sigma': { upload_ready: 'channel_ended', session_finished: 'channel_ended' },
    });
  });
});
