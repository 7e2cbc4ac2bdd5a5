/** Randomness that can be had again: the seed is printed, and taken from DRAGOMAN_SEED. */

export interface SeededRandom {
  /** From 0 up to, not including, 1. */
  random(): number;
  /** From 0 up to, not including, `below`. */
  whole(below: number): number;
}

export function seededRandom(seed = Number(process.env.DRAGOMAN_SEED ?? Date.now() % 1_000_000)): SeededRandom {
  console.log(`DRAGOMAN_SEED=${seed}`);
  let state = seed;
  const random = (): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { random, whole: (below) => Math.floor(random() * below) };
}
