/**
 * Recognises a repeated event before it is saved: the hashes of all stored (source, key) pairs, in memory.
 *
 * A unique index over the keys would cost a quarter of the throughput: keys come in no order, so nearly every insert writes a page of its own. So
 * the hashes are stored in the order of arrival, one row per commit (`keys`, merged to larger rows from time to time), and
 * read into this table at start: 4 MB and some 150 ms per million events. A hash says where the event with that key may be; the caller looks.
 */

/** Slots stay at most three quarters full. */
const FULLNESS = 0.75;
const SMALLEST = 1 << 19;

export interface RecentKeys {
  readonly size: number;
  /** The numbers of events whose key has this hash, newest last; nearly always none or the right one. */
  candidates(hash: number): number[];
  add(hash: number, seq: number): void;
  /** Adds what is stored already, so that nothing can take it back. There must be room. */
  fill(hash: number, seq: number): void;
  /** Takes back the last additions, in reverse order: those of a transaction that was rolled back. */
  undo(additions: number): void;
  /** Makes room for so many more, so that no addition until then can move the others. Before it grows, it forgets what is older than `oldestSeq`. */
  reserve(more: number, oldestSeq: () => number): void;
}

/** An open-addressing table of 32-bit hashes and the low 32 bits of event numbers: eight bytes a slot. Number 0 is an empty slot. */
export function createRecentKeys(): RecentKeys {
  let mask = SMALLEST - 1;
  let hashes = new Uint32Array(SMALLEST);
  let seqs = new Uint32Array(SMALLEST);
  let size = 0;
  let trail: number[] = [];

  const place = (hash: number, seq: number): number => {
    let slot = hash & mask;
    while (seqs[slot] !== 0) slot = (slot + 1) & mask;
    hashes[slot] = hash;
    seqs[slot] = seq;
    size += 1;
    return slot;
  };

  const rebuild = (slots: number, oldestSeq: number): void => {
    const [oldHashes, oldSeqs] = [hashes, seqs];
    [mask, hashes, seqs, size] = [slots - 1, new Uint32Array(slots), new Uint32Array(slots), 0];
    for (let slot = 0; slot < oldSeqs.length; slot++) {
      const seq = oldSeqs[slot] as number;
      if (seq !== 0 && seq >= oldestSeq) place(oldHashes[slot] as number, seq);
    }
  };

  return {
    get size() {
      return size;
    },
    candidates(hash) {
      const found: number[] = [];
      for (let slot = hash & mask; seqs[slot] !== 0; slot = (slot + 1) & mask) {
        if (hashes[slot] === hash) found.push(seqs[slot] as number);
      }
      return found;
    },
    add(hash, seq) {
      trail.push(place(hash, seq));
    },
    fill: (hash, seq) => void place(hash, seq),
    undo(additions) {
      for (let i = 0; i < additions; i++) {
        const slot = trail.pop();
        if (slot === undefined) return;
        seqs[slot] = 0;
        size -= 1;
      }
    },
    reserve(more, oldestSeq) {
      trail = [];
      if (size + more <= (mask + 1) * FULLNESS) return;
      const oldest = oldestSeq();
      rebuild(mask + 1, oldest);
      let slots = mask + 1;
      while (size + more > slots * (FULLNESS / 1.5)) slots *= 2;
      if (slots > mask + 1) rebuild(slots, oldest);
    },
  };
}

/** A 32-bit hash of a source's name and an event's key. */
export function hashKey(source: string, key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < source.length; i++) hash = Math.imul(hash ^ source.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ 0xffff, 0x01000193);
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
