/** From an event to requests: ids that last, and what the target's format cannot write. */
import { describe, expect, it } from 'vitest';
import { derivedUuid } from '../../src/kit/ids.ts';
import type { EmittedEvent, EventScope } from '../../src/model/event.ts';
import type { Format } from '../../src/model/format.ts';
import { prepareRequests } from '../../src/translate/prepare.ts';
import { loadOne, SHOT, scopeOf, shotTaken, testFormats } from './load-for-test.ts';

const album = testFormats.get('album') as Format;
const mapping = loadOne(shotTaken('$each: data.urls\nas: url\nemit: added\ndata: { id: "${url | basename}" }'));

function written(scope: EventScope): EmittedEvent[] {
  const events: EmittedEvent[] = [];
  const write: Format['write'] = (event, options) => {
    events.push(event);
    return album.write(event, options);
  };
  prepareRequests({ mapping, scope, target: { format: { ...album, write }, options: {} } });
  return events;
}

describe('preparing requests', () => {
  it('writes every emitted event, in order, with the time of the source event', () => {
    const prepared = prepareRequests({ mapping, scope: scopeOf(SHOT), target: { format: album, options: {} } });
    expect(prepared).toMatchObject({ kind: 'requests', requests: [{ event: 'added' }, { event: 'added' }] });
    expect(written(scopeOf(SHOT)).map(({ time }) => time)).toEqual(Array(2).fill('2026-01-01T00:00:00.000Z'));
  });

  it('derives ids from the source and its key, the same on every try', () => {
    const ids = written(scopeOf(SHOT)).map(({ id }) => id);
    expect(ids).toEqual([derivedUuid('cam|k1|0'), derivedUuid('cam|k1|1')]);
    expect(written(scopeOf({ ...SHOT, seconds: 1 })).map(({ id }) => id)).toEqual(ids);
  });

  it("keeps the sender's UUID for the first", () => {
    const scope = scopeOf(SHOT);
    const key = '56fd03e5-3965-4c2e-a6a9-bb6932347eb3';
    const ids = written({ ...scope, event: { ...scope.event, key } }).map(({ id }) => id);
    expect(ids).toEqual([key, derivedUuid(`cam|${key}|1`)]);
  });

  it('gives a drop as a drop and a failure as a dead letter', () => {
    const target = { format: album, options: {} };
    const dropping = loadOne(shotTaken('drop: no need'));
    expect(prepareRequests({ mapping: dropping, scope: scopeOf(SHOT), target })).toEqual({
      kind: 'dropped',
      reason: { code: 'DROPPED', message: 'no need' },
    });
    expect(prepareRequests({ mapping, scope: scopeOf({ ...SHOT, urls: 'none' }), target })).toMatchObject({
      kind: 'dead',
      reason: { code: 'MAPPING_BAD_VALUE' },
    });
  });

  it('names the mapping and the fields that the target cannot write', () => {
    const write: Format['write'] = () => ({
      kind: 'unwritable',
      problems: [{ path: 'data.id', message: 'has to be a whole number' }],
    });
    const prepared = prepareRequests({
      mapping,
      scope: scopeOf(SHOT),
      target: { format: { ...album, write }, options: {} },
    });
    expect(prepared).toEqual({
      kind: 'dead',
      reason: {
        code: 'MAPPING_UNWRITABLE',
        message: 'mapping one (one.yaml) emits a added that album cannot write: data.id: has to be a whole number',
      },
    });
  });
});
