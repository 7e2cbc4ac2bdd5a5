import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BegunThing, joinedThing } from '../../src/alarms/begun-thing.ts';

interface Course {
  readonly times: number;
  /** Between an end and the next start, at least. */
  readonly pause: number;
}

/** Everything that happened, in pairs of start and end; the last one may have no end. */
const courses = ({ times, pause }: Course) =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: pause, max: 2 })), {
        minLength: 1,
        maxLength: times,
      }),
      fc.boolean(),
    )
    .map(([spans, isOn]) => {
      let now = 0;
      const news = spans.flatMap(([lasts, after]): BegunThing[] => {
        const at = now + after;
        now = at + lasts;
        return [{ at }, { ended: now }];
      });
      return isOn ? news.slice(0, -1) : news;
    });

const joinedAll = (news: readonly BegunThing[]): BegunThing =>
  news.reduce((thing: BegunThing, one) => joinedThing(one, thing), {});

describe('a thing that begins and ends', () => {
  it.each<[string, BegunThing[], number | undefined]>([
    ['has begun', [{ at: 1 }], 1],
    ['has begun twice', [{ at: 1 }, { at: 5 }], 1],
    ['has ended', [{ at: 1 }, { ended: 5 }], undefined],
    ['has ended, as was known before its start', [{ ended: 5 }, { at: 1 }], undefined],
    ['was not ended by what came before it', [{ at: 5 }, { ended: 1 }], 5],
    ['has begun again', [{ at: 1 }, { ended: 5 }, { at: 7 }], 7],
    ['has begun again, as was known before its end', [{ at: 1 }, { at: 7 }, { ended: 5 }], 7],
    ['has begun again in the second of its end', [{ at: 1 }, { ended: 5 }, { at: 5 }], 5],
    ['has begun again in that second, as was known before its end', [{ at: 1 }, { at: 5 }, { ended: 5 }], 5],
    ['has begun again in that second, as was known before all', [{ at: 5 }, { ended: 5 }, { at: 1 }], 5],
    ['has ended in the second of its start', [{ at: 5 }, { ended: 5 }], undefined],
    ['has ended in the second of its start, as was known before that', [{ ended: 5 }, { at: 5 }], undefined],
    ['has ended in the second of its second start', [{ at: 1 }, { ended: 3 }, { at: 5 }, { ended: 5 }], undefined],
    [
      'has begun again in the second of its second end',
      [{ at: 5 }, { ended: 5 }, { ended: 7 }, { at: 6 }, { at: 7 }],
      7,
    ],
  ])('%s', (_, news, since) => {
    expect(joinedAll(news).at).toBe(since);
  });

  it.each<[string, Course]>([
    ['all at moments of their own', { times: 6, pause: 1 }],
    ['an end and the next start perhaps at one moment', { times: 2, pause: 0 }],
  ])('is on where its last start has no end, in whatever order two relays hear of it: %s', (_, like) => {
    const heard = courses(like).chain((news) =>
      fc.tuple(
        fc.constant(news.at(-1)?.at),
        fc.shuffledSubarray(news, { minLength: news.length }),
        fc.nat(news.length),
      ),
    );
    fc.assert(
      fc.property(heard, ([since, news, count]) => {
        const mine = joinedAll(news.slice(0, count));
        const theirs = joinedAll(news.slice(count));
        expect(joinedThing(mine, theirs).at).toBe(since);
        expect(joinedThing(theirs, mine)).toEqual(joinedThing(mine, theirs));
      }),
      { numRuns: 1000 },
    );
  });

  it('learns nothing from what it knows', () => {
    fc.assert(
      fc.property(courses({ times: 6, pause: 0 }), (news) => {
        const thing = joinedAll(news);
        expect(joinedThing(thing, thing)).toEqual(thing);
        expect(joinedThing(news.at(-1) as BegunThing, thing)).toEqual(thing);
      }),
      { numRuns: 1000 },
    );
  });
});
