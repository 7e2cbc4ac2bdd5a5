/** A queue for what comes and goes by the thousand a second: its entries carry their own links, so that taking one out is cheap. */

/** What an entry of a chain carries; all of it is the chain's own. */
export interface Link<T> {
  chain: object | undefined;
  before: T | undefined;
  after: T | undefined;
}

/**
 * Not a `Map`: V8 gives one a new table whenever the old one has filled up with deletions. The table of a long-lived map is in the old
 * generation, where it stays, with all it refers to, until the next major collection: every entry that was there at that moment is copied
 * by two minor collections and ends in the old generation, although it has long gone.
 */
export class Chain<T extends Link<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that has been here longest. */
  get first(): T | undefined {
    return this.#first;
  }

  /** Puts an entry that is in no chain at the end. */
  push(entry: T): void {
    entry.chain = this;
    entry.before = this.#last;
    if (this.#last) this.#last.after = entry;
    else this.#first = entry;
    this.#last = entry;
    this.#size++;
  }

  /** True where it was here. Afterwards it refers to no other entry, or one that is old would keep all that came after it. */
  remove(entry: T): boolean {
    if (entry.chain !== this) return false;
    const { before, after } = entry;
    if (before) before.after = after;
    else this.#first = after;
    if (after) after.before = before;
    else this.#last = before;
    entry.chain = undefined;
    entry.before = undefined;
    entry.after = undefined;
    this.#size--;
    return true;
  }

  /** All that are here now, in the order in which they came. */
  toArray(): T[] {
    const entries: T[] = [];
    for (let entry = this.#first; entry; entry = entry.after) entries.push(entry);
    return entries;
  }
}
