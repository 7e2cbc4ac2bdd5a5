import { expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import { problemsOf } from './compile.ts';

/** Of a filter over the payload of a clip as it was received. */
const reading = (path: string): string[] =>
  problemsOf({ '==': [{ var: path }, 'a'] }, [scopeSchema({ format: bsr, type: 'clip.generated', params: {} })]);

it.each(['raw.payload.next_year', 'raw.payload.next_year.sub', 'raw.next_year', 'raw.payload.file'])(
  'lets a filter read what a newer sender may write: %s',
  (path) => expect(reading(path)).toEqual([]),
);

it.each([
  ['raw.payload.flie', 'raw.payload.file'],
  ['raw.paylaod.file', 'raw.payload.file'],
  ['raw.file', 'raw.payload.file'],
  ['data.next_year', 'one of data.'],
])('tells of what looks mistyped: %s', (path, meant) => {
  expect(reading(path)).toEqual([expect.stringMatching(`LOGIC_UNKNOWN_PATH\\]\\n  Try: ${meant}`)]);
});
