/** Lets connections rest until the event loop has asked the network once more. */

export interface Rest<T> {
  begin(item: T): void;
  /** Ends the rest of those without telling. */
  leave(is: (item: T) => boolean): void;
  /** How many rest. */
  count(): number;
}

/**
 * `end` is told of each item behind the next poll of the loop. The immediates of a turn come behind its poll, in which an answer is read: only
 * theirs come behind the next one.
 */
export function createRest<T>(end: (item: T) => void): Rest<T> {
  let beforePoll: T[] = [];
  let inPoll: T[] = [];
  let isArranged = false;

  function poll(): void {
    isArranged = false;
    inPoll = beforePoll;
    beforePoll = [];
    setImmediate(endAll);
  }

  function endAll(): void {
    const rested = inPoll;
    inPoll = [];
    for (const item of rested) end(item);
  }

  return {
    begin(item) {
      beforePoll.push(item);
      if (!isArranged) setImmediate(poll);
      isArranged = true;
    },
    leave(is) {
      beforePoll = beforePoll.filter((item) => !is(item));
      inPoll = inPoll.filter((item) => !is(item));
    },
    count: () => beforePoll.length + inPoll.length,
  };
}
