/** A thing that begins and ends, perhaps again and again, put together from news that may come late and in any order. Pure. */

/** All in epoch milliseconds, and the events' own times. */
export interface BegunThing {
  /** When it began, where it has not ended. */
  readonly at?: number | undefined;
  /** Its latest start, where it began once more without an end between the two: that end may be on its way. */
  readonly again?: number | undefined;
  /** Its last end. */
  readonly ended?: number | undefined;
  /** The start that was ended by it. */
  readonly endedFrom?: number | undefined;
}

/**
 * What follows from what two sides know. Neither their order nor telling one of them twice matters.
 *
 * Senders with whole seconds end and begin a thing at the same moment: that is a new start where the thing was on before, and a
 * start with its own end where it was not.
 */
export function joinedThing(a: BegunThing, b: BegunThing = {}): BegunThing {
  const starts = new Set([a, b].flatMap(({ at, again, endedFrom }) => [at, again, endedFrom]).filter(isKnown));
  const ends = new Set([a.ended, b.ended].filter(isKnown));
  let thing: BegunThing = {};
  for (const moment of [...new Set([...starts, ...ends])].sort((x, y) => x - y)) {
    const begins = starts.has(moment);
    const goesOn = !ends.has(moment) || thing.at !== undefined;
    if (ends.has(moment)) thing = { ended: moment, endedFrom: thing.at ?? (begins ? moment : undefined) };
    if (begins && goesOn) thing = thing.at === undefined ? { ...thing, at: moment } : { ...thing, again: moment };
  }
  return thing;
}

export function isSameThing(a: BegunThing, b: BegunThing): boolean {
  return a.at === b.at && a.again === b.again && a.ended === b.ended && a.endedFrom === b.endedFrom;
}

function isKnown(moment: number | undefined): moment is number {
  return moment !== undefined;
}
